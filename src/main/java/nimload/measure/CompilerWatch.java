package nimload.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Tells when the JVM's compiler has nothing left to do: while it compiles, it takes a core from the load and adds
 * milliseconds to single answers. Safe for several threads.
 */
public final class CompilerWatch {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    /** What a quiet compiler may still spend between two looks. */
    private static final long QUIET_MILLIS = 10;

    private static final int QUIET_LOOKS = 3;

    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private final long patienceEndsNanos;
    private long lookedNanos;
    private long lastTotalMillis;
    private int quietLooks;

    /** @param patience after which it is no longer waited for */
    public CompilerWatch(Duration patience) {
        this.lookedNanos = System.nanoTime();
        this.patienceEndsNanos = lookedNanos + patience.toNanos();
        this.lastTotalMillis = totalMillis();
    }

    /** Whether it is worth waiting on. */
    public synchronized boolean busy() {
        long now = System.nanoTime();
        if (now - lookedNanos >= LOOK_EVERY_NANOS) {
            long total = totalMillis();
            quietLooks = total - lastTotalMillis <= QUIET_MILLIS ? quietLooks + 1 : 0;
            lastTotalMillis = total;
            lookedNanos = now;
        }
        return quietLooks < QUIET_LOOKS && now - patienceEndsNanos < 0;
    }

    /** 0 where the JVM does not tell: then it looks quiet after three looks. */
    private long totalMillis() {
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }
}
