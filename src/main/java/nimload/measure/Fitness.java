package nimload.measure;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether this machine is fit to measure, seen in a moment before the load in which this process does nothing.
 *
 * @param othersCpu share of all cores that others used, 0 to 1; empty where the system does not tell
 * @param stalledMillis for which this process stood still
 */
public record Fitness(OptionalDouble othersCpu, double stalledMillis) {
    /** Two busy cores of four leave two; with less than half, client and embedded NIM wait for each other. */
    private static final double BUSY = 0.5;

    private static final double STALLED_MILLIS = 20;

    /**
     * Looks for a moment.
     *
     * @param wait lets time pass
     */
    public static Fitness seen(StallClock stalls, Runnable wait) {
        CpuClock cpu = CpuClock.start();
        long stalled = stalls.stalledNanos();
        wait.run();
        ClientLoad load = cpu.stop();
        return new Fitness(load.othersCpu(), (stalls.stalledNanos() - stalled) / 1e6);
    }

    /** Why it is not, as one sentence; empty if it is. */
    public Optional<String> against() {
        if (othersCpu.isPresent() && othersCpu.getAsDouble() > BUSY) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "This machine is busy: other processes use %.0f %% of its cores; levels that feel it will be marked"
                            + " client-limited.",
                    100 * othersCpu.getAsDouble()));
        }
        if (stalledMillis > STALLED_MILLIS) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "This machine stops this process: it stood still for %.0f ms in a moment (a CPU limit, a busy"
                            + " host?); levels that feel it will be marked client-limited.",
                    stalledMillis));
        }
        return Optional.empty();
    }
}
