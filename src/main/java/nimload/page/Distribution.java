package nimload.page;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A level's distribution of latencies as a few points: percentiles evenly spaced on the scale 1 ÷ (1 − p). */
final class Distribution {
    private static final int POINTS_PER_DECADE = 40;

    private Distribution() {}

    /**
     * Points from the lowest latency to the highest percentile that has samples: 99.9 % needs 1,000.
     *
     * @param micros latencies in µs
     * @return pairs of 1 ÷ (1 − p), so 2 for the median and 100 for p99, and ms
     */
    static List<double[]> of(Histogram micros) {
        List<double[]> points = new ArrayList<>();
        long count = micros.getTotalCount();
        double inverse = 1;
        // One pass: one search per point would take a second for a run of 23 levels.
        for (HistogramIterationValue value : micros.recordedValues()) {
            double millis = Math.min(value.getValueIteratedTo(), micros.getMaxValue()) / 1e3;
            while (inverse <= count && rank(inverse, count) <= value.getTotalCountToThisValue()) {
                points.add(new double[] {Math.round(inverse * 1e4) / 1e4, millis});
                inverse = Math.pow(10, (double) points.size() / POINTS_PER_DECADE);
            }
        }
        return points;
    }

    /** Nearest rank: the number, from 1, of the latency that is the percentile. */
    private static long rank(double inverse, long count) {
        return Math.max(1, (long) Math.ceil((1 - 1 / inverse) * count - 1e-6));
    }
}
