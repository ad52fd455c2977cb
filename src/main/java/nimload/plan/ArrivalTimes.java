package nimload.plan;

import java.util.SplittableRandom;

/**
 * When the requests of an open load arrive: at equal distances, or as a Poisson process, whose distances are independent and
 * exponential. The same seed gives the same times. Not safe for several threads.
 */
public final class ArrivalTimes {
    private final Load load;
    private final SplittableRandom random;
    private long arrived;
    private double seconds;
    private long lastNanos = -1;

    /** @throws IllegalArgumentException for a closed load */
    public ArrivalTimes(Load load, long seed) {
        if (load.closed()) {
            throw new IllegalArgumentException("a closed load has no arrivals");
        }
        this.load = load;
        this.random = new SplittableRandom(seed);
    }

    /** Of the next arrival, in nanoseconds after the start; later than the one before it. */
    public long nextNanos() {
        if (load.isPoisson()) {
            // 1 - nextDouble() is never 0.
            seconds -= Math.log(1 - random.nextDouble()) / load.requestsPerSecond();
        } else {
            seconds = arrived / load.requestsPerSecond();
        }
        arrived++;
        lastNanos = Math.max(lastNanos + 1, Math.round(seconds * 1e9));
        return lastNanos;
    }
}
