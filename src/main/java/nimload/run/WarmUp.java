package nimload.run;

import java.time.Duration;
import nimload.measure.CompilerWatch;

/** The warm-up of a level: lasts its time, then until the JVM has compiled what became hot. Safe for many threads. */
final class WarmUp {
    /** It may last this much longer while the JVM still compiles. */
    private static final Duration COMPILER_PATIENCE = Duration.ofSeconds(2);

    private final Duration length;
    private long endNanos;
    private CompilerWatch compiler;

    WarmUp(Duration length) {
        this.length = length;
    }

    /** Whether users send another request. The first user to ask starts the clock for all. */
    synchronized boolean goesOn() {
        long now = System.nanoTime();
        if (compiler == null) {
            endNanos = now + length.toNanos();
            compiler = new CompilerWatch(length.plus(COMPILER_PATIENCE));
        }
        return now - endNanos < 0 || compiler.busy();
    }
}
