package nimload.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells when the JVM's compiler has gone quiet: while it compiles, it takes a core from the load and adds milliseconds to
 * single answers. Safe for several threads.
 */
public final class CompilerWatch {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    /** What a quiet compiler may still spend between two looks. */
    private static final long QUIET_MILLIS = 10;

    private static final int QUIET_LOOKS = 3;

    private final LongSupplier nanoTime;
    private final LongSupplier compiledMillis;
    private final long patienceEndsNanos;
    private long lookedNanos;
    private long lastTotalMillis;
    private int quietLooks;

    /** @param patience how long to wait for the compiler at most */
    public CompilerWatch(Duration patience) {
        this(patience, System::nanoTime, CompilerWatch::compiledMillis);
    }

    /** @param compiledMillis that the compiler has spent so far */
    CompilerWatch(Duration patience, LongSupplier nanoTime, LongSupplier compiledMillis) {
        this.nanoTime = nanoTime;
        this.compiledMillis = compiledMillis;
        this.lookedNanos = nanoTime.getAsLong();
        this.patienceEndsNanos = lookedNanos + patience.toNanos();
        this.lastTotalMillis = compiledMillis.getAsLong();
    }

    /** Whether to go on waiting: the compiler still works, and patience has not run out. */
    public synchronized boolean busy() {
        long now = nanoTime.getAsLong();
        if (now - lookedNanos >= LOOK_EVERY_NANOS) {
            long total = compiledMillis.getAsLong();
            quietLooks = total - lastTotalMillis <= QUIET_MILLIS ? quietLooks + 1 : 0;
            lastTotalMillis = total;
            lookedNanos = now;
        }
        return quietLooks < QUIET_LOOKS && now - patienceEndsNanos < 0;
    }

    /** 0 where the JVM does not tell: the compiler then looks quiet after three looks. */
    private static long compiledMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }
}
