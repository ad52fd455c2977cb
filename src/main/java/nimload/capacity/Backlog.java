package nimload.capacity;

import java.util.List;
import nimload.capacity.StepSlices.Slice;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Whether requests arrive faster than they are answered, so that each waits longer than the one before.
 *
 * <p>A queue whose server keeps up is at worst a random walk without drift that cannot fall below 0; one whose server does
 * not is a random walk that drifts upward (Asmussen, Applied Probability and Queues, X). So the drift of the response time is
 * tested by its increments from slice to slice, with Student's t: a long queue that comes and goes has large increments of
 * both signs, a growing one has small ones of one sign.
 */
final class Backlog {
    private static final int FEWEST_SLICES = 20;

    /** Seconds of response time per second, below which the growth is too slow to be seen as a collapse. */
    private static final double SLOWEST = 0.02;

    private Backlog() {}

    /** @param error probability of a false alarm */
    static boolean grows(List<Slice> slices, double error) {
        int increments = slices.size() - 1;
        if (slices.size() < FEWEST_SLICES || slices.stream().anyMatch(slice -> Double.isNaN(slice.meanMillis()))) {
            return false;
        }
        Slice first = slices.get(0);
        Slice last = slices.get(increments);
        double rise = last.meanMillis() - first.meanMillis();
        double slope = rise / 1e3 / (last.endSeconds() - first.endSeconds());
        if (last.meanMillis() < 2 * first.meanMillis() || slope < SLOWEST) {
            return false;
        }
        double mean = rise / increments;
        double squares = 0;
        for (int i = 1; i <= increments; i++) {
            double increment = slices.get(i).meanMillis() - slices.get(i - 1).meanMillis();
            squares += (increment - mean) * (increment - mean);
        }
        double deviation = Math.sqrt(squares / (increments - 1));
        return mean * Math.sqrt(increments)
                >= deviation * TDistribution.of(increments - 1).inverseSurvivalProbability(error);
    }
}
