package nimload.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The interval of a rate whose events are correlated, in constant memory: batch means over consecutive events (Law,
 * Simulation Modeling and Analysis, 9.5.3). Whenever there are too many batches their size doubles, so that a batch
 * outlasts the correlation between neighbouring events; see {@link Scatter} for where that is not enough, and {@link Reach}
 * for where no scatter is. Never narrower than the clock. Not thread-safe.
 */
public final class BatchMeans {
    /** When this many are kept, pairs merge into one. */
    private static final int MAX_BATCHES = 64;

    private static final int MIN_BATCHES = 5;

    /** Correlation of neighbouring batches above which their scatter is too small in too many of the simulated levels. */
    private static final double ALIKE = 0.5;

    /** A clock of µs knows no time between first and last event better. */
    private static final double RESOLUTION_SECONDS = 0.5e-6;

    /** The end of each batch, in seconds after the start. */
    private final List<Double> ends = new ArrayList<>(MAX_BATCHES);

    private long batchSize = 1;
    private long inBatch;
    private double lastSeconds;

    /** @param seconds after the start; an event out of order counts at the time of the one before */
    public void add(double seconds) {
        lastSeconds = Math.max(lastSeconds, seconds);
        if (++inBatch < batchSize) {
            return;
        }
        inBatch = 0;
        ends.add(lastSeconds);
        if (ends.size() == MAX_BATCHES) {
            halve(ends);
            batchSize *= 2;
        }
    }

    /**
     * The 95 % interval of the rate in events per second; empty for fewer than five batches.
     *
     * @param endSeconds when the wait for events ended, if that is after the last event
     */
    public Optional<Interval> interval(double endSeconds) {
        int batches = ends.size();
        if (batches < MIN_BATCHES) {
            return Optional.empty();
        }
        // The last batch takes what is left over, so that the interval covers all events and all of their time.
        double end = Math.max(endSeconds, lastSeconds);
        double events = (double) batches * batchSize + inBatch;
        double mean = end / events;
        double[] deviations = new double[batches];
        double[] means = new double[batches];
        double start = 0;
        for (int batch = 0; batch < batches; batch++) {
            boolean last = batch == batches - 1;
            double stop = last ? end : ends.get(batch);
            double size = batchSize + (last ? inBatch : 0);
            deviations[batch] = stop - start - mean * size;
            means[batch] = (stop - start) / size;
            start = stop;
        }
        Optional<Reach> reach = Reach.of(means).filter(found -> found.correlation() > ALIKE);
        if (reach.isPresent()) {
            Interval times = reach.get().interval();
            double shortest = times.low().orElseThrow();
            return Optional.of(new Interval(
                    OptionalDouble.of(1 / times.high().orElseThrow()),
                    shortest <= RESOLUTION_SECONDS ? OptionalDouble.empty() : OptionalDouble.of(1 / shortest)));
        }
        double error = Math.max(RESOLUTION_SECONDS, Math.sqrt(Scatter.squaredError(deviations, false))) / events;
        return Optional.of(new Interval(
                OptionalDouble.of(1 / (mean + error)),
                mean <= error ? OptionalDouble.empty() : OptionalDouble.of(1 / (mean - error))));
    }

    /** Keeps every second end: two batches become one. */
    private static void halve(List<Double> ends) {
        for (int i = 0; i < ends.size() / 2; i++) {
            ends.set(i, ends.get(2 * i + 1));
        }
        ends.subList(ends.size() / 2, ends.size()).clear();
    }
}
