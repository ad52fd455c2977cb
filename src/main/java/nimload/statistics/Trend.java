package nimload.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Whether a series rises or falls: the test of Mann and Kendall, which uses only the order of the values, so that no
 * outlier decides it, and the slope of Theil and Sen for how far it moved.
 *
 * @param pValue two-sided: the probability that a series without a trend looks at least as much like one
 * @param change from the first to the last value, as a share of the median: 0.05 = rose by 5 %
 */
public record Trend(double pValue, double change) {

    /** @param values evenly spaced in time, at least four, with a median other than 0 */
    public static Trend of(double... values) {
        int n = values.length;
        long sign = 0;
        double[] slopes = new double[n * (n - 1) / 2];
        int slope = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                sign += (long) Math.signum(values[j] - values[i]);
                slopes[slope++] = (values[j] - values[i]) / (j - i);
            }
        }
        double deviation = Math.sqrt((n * (n - 1.0) * (2 * n + 5) - ties(values)) / 18);
        double z = sign == 0 ? 0 : (sign - Math.signum(sign)) / deviation;
        double p = 2 * NormalDistribution.of(0, 1).survivalProbability(Math.abs(z));
        return new Trend(Math.min(1, p), median(slopes) * (n - 1) / median(values));
    }

    /** What ties take off 18 times the variance. */
    private static double ties(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double sum = 0;
        int run = 1;
        for (int i = 1; i <= sorted.length; i++) {
            if (i < sorted.length && sorted[i] == sorted[i - 1]) {
                run++;
            } else {
                sum += run * (run - 1.0) * (2 * run + 5);
                run = 1;
            }
        }
        return sum;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
