package nimload.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How much correlation between neighbouring requests inflates the variance of a share or a mean.
 *
 * <p>Requests close in time share what the server did at that time. The share of requests at or below a value is taken
 * in each slice of time; its scatter between slices gives the true variance of the overall share. Divided by the
 * variance of as many independent requests, that is the inflation (the design effect of cluster sampling; Woodruff,
 * Confidence intervals for medians and other position measures, Journal of the American Statistical Association 47, 1952).
 * See {@link Scatter} for slices that resemble each other.
 */
public final class Inflation {
    /** The scatter of fewer slices with requests says nothing. */
    private static final int MIN_SLICES = 8;

    /** Half the width of a 95 % interval in standard deviations of the normal distribution. */
    private static final double Z = 1.959964;

    private static final double ROUNDING = 1e-9;

    private Inflation() {}

    /**
     * @param below requests of each slice at or below the value
     * @param belowMedian likewise of the median, whose share shows best whether neighbouring slices resemble each other
     * @param counts requests of each slice
     * @return at least 1: neighbours that differ more than by chance are no gain
     */
    public static double of(long[] below, long[] belowMedian, long[] counts) {
        int[] slices =
                IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
        long total = sum(counts);
        if (slices.length > 0 && slices.length < MIN_SLICES) {
            // The server may answer in a few large batches: each slice may be worth only one request.
            return (double) total / slices.length;
        }
        double share = (double) sum(below) / total;
        if (!(share > 0 && share < 1)) {
            return 1;
        }
        double clustered = Scatter.squaredError(
                deviations(below, counts, slices), Scatter.remembers(deviations(belowMedian, counts, slices)));
        double independent = Z * Z * share * (1 - share) * total;
        return Math.max(1, clustered / independent);
    }

    /**
     * Likewise of the variance of a mean.
     *
     * @param sums of the values of each slice
     * @param squares sums of their squares
     * @param counts values of each slice
     * @return at least 1
     */
    public static double ofMean(double[] sums, double[] squares, long[] counts) {
        long total = sum(counts);
        if (sums.length < MIN_SLICES) {
            return (double) total / Math.max(1, sums.length);
        }
        double mean = Arrays.stream(sums).sum() / total;
        double variance = Arrays.stream(squares).sum() / total - mean * mean;
        // Below the rounding of the sums, all values are the same.
        if (variance <= ROUNDING * mean * mean) {
            return 1;
        }
        double[] deviations = IntStream.range(0, sums.length)
                .mapToDouble(i -> sums[i] - mean * counts[i])
                .toArray();
        double clustered = Scatter.squaredError(deviations, false);
        return Math.max(1, clustered / (Z * Z * variance * total));
    }

    private static double[] deviations(long[] below, long[] counts, int[] slices) {
        double share = (double) sum(below) / sum(counts);
        return IntStream.of(slices)
                .mapToDouble(i -> below[i] - share * counts[i])
                .toArray();
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }
}
