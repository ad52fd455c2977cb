package nimload.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The rate of events whose times are not independent, with its interval, in constant memory: the times of batches of
 * consecutive events (Law, Simulation Modeling and Analysis, 9.5.3). Batches double in size whenever there are too many
 * of them, so that they are long beside whatever makes neighbours resemble each other. Not safe for several threads.
 */
public final class BatchMeans {
    /** Between half as many and so many batches are kept while events come in. */
    private static final int MAX_BATCHES = 64;

    /** Fewer and longer batches at the end: their means are nearer to independent. */
    private static final int FINAL_BATCHES = 16;

    private static final int MIN_BATCHES = 5;

    private static final double UPPER = 0.975;

    /** Ends of the batches, in seconds after the start. */
    private final List<Double> ends = new ArrayList<>(MAX_BATCHES);

    private long batchSize = 1;
    private long inBatch;
    private double lastSeconds;

    /** @param seconds after the start; an event out of order counts as one at the time of the one before */
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
     * The 95 % interval of the events' rate, a second; empty for too few events.
     *
     * @param endSeconds until when events were waited for, if that is after the last
     */
    public Optional<Interval> interval(double endSeconds) {
        List<Double> last = new ArrayList<>(ends);
        long size = batchSize;
        long rest = inBatch;
        while (last.size() >= 2 * FINAL_BATCHES) {
            rest += last.size() % 2 * size;
            halve(last);
            size *= 2;
        }
        int batches = last.size();
        if (batches < MIN_BATCHES) {
            return Optional.empty();
        }
        // What is left over belongs to the last batch, so that all events and all of their time are in the interval.
        double end = Math.max(endSeconds, lastSeconds);
        last.set(batches - 1, end);
        double events = (double) batches * size + rest;
        double mean = end / events;
        double squares = 0;
        double start = 0;
        for (int batch = 0; batch < batches; batch++) {
            double off = last.get(batch) - start - mean * (size + (batch == batches - 1 ? rest : 0));
            squares += off * off;
            start = last.get(batch);
        }
        double error = Math.sqrt(squares / (batches - 1) * batches)
                / events
                * TDistribution.of(batches - 1).inverseCumulativeProbability(UPPER);
        return Optional.of(new Interval(
                OptionalDouble.of(1 / (mean + error)),
                mean <= error ? OptionalDouble.empty() : OptionalDouble.of(1 / (mean - error))));
    }

    /** Leaves every second end: two batches become one. */
    private static void halve(List<Double> ends) {
        for (int i = 0; i < ends.size() / 2; i++) {
            ends.set(i, ends.get(2 * i + 1));
        }
        ends.subList(ends.size() / 2, ends.size()).clear();
    }
}
