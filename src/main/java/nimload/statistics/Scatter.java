package nimload.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The variance of a sum over a level, from how its parts in time scatter, widened to what few parts can tell.
 *
 * <p>Parts are independent only if they outlast the memory of what is measured. So the largest of several cuts counts: 40
 * and 20 parts always. If neighbours among the 40 resemble each other, also 10 and 5, and what an autoregressive process of
 * that correlation would give in a level of infinite length (the long-run variance; its correlation is estimated too low in
 * a short series, so that is corrected). Each is widened by (t ÷ 1.96)² for its degrees of freedom, as Korn and Graubard do
 * for clustered samples (Confidence intervals for proportions, Survey Methodology 24, 1998).
 */
final class Scatter {
    private static final int MOST_PARTS = 40;
    private static final int[] ALWAYS = {20};
    private static final int[] WITH_MEMORY = {20, 10, 5};

    /**
     * Correlation of neighbouring parts from which on they count as alike. A fifth of the levels of independent requests
     * reach it by chance and get a wider interval for nothing.
     */
    private static final double ALIKE = 0.1;

    /**
     * A correlation r of n parts is on average too low by about (3 + 5 r) ÷ n, more than Kendall's (1 + 4 r) ÷ n: the value
     * at which the intervals of the simulated levels hold.
     */
    private static final double BIAS = 3;

    private static final double BIAS_PER_CORRELATION = 5;
    private static final double HIGHEST_CORRELATION = 0.98;

    /** Below as many degrees of freedom an interval would say nothing. */
    private static final int FEWEST_FREEDOM = 4;

    private static final double UPPER = 0.975;
    private static final double[] STUDENT = student();

    private Scatter() {}

    private static double[] student() {
        double[] quantiles = new double[MOST_PARTS];
        for (int freedom = 1; freedom < MOST_PARTS; freedom++) {
            quantiles[freedom] = TDistribution.of(freedom).inverseCumulativeProbability(UPPER);
        }
        return quantiles;
    }

    /**
     * The squared half width of the 95 % interval of a sum.
     *
     * @param deviations of its parts in order of time, from what each would be without any variation; at least two
     * @param alike whether another quantity of the same parts has memory, so that this one is taken to have it too
     */
    static double squaredError(double[] deviations, boolean alike) {
        double[] parts = merged(deviations, Math.min(MOST_PARTS, deviations.length));
        boolean memory = alike || remembers(deviations);
        double largest = squaredError(parts);
        for (int fewer : memory ? WITH_MEMORY : ALWAYS) {
            if (fewer < parts.length) {
                largest = Math.max(largest, squaredError(merged(deviations, fewer)));
            }
        }
        return memory ? Math.max(largest, longRun(parts)) : largest;
    }

    /** Whether neighbours among at most 40 parts resemble each other. */
    static boolean remembers(double[] deviations) {
        return correlation(merged(deviations, Math.min(MOST_PARTS, deviations.length))) > ALIKE;
    }

    private static double squaredError(double[] parts) {
        return variance(parts) * Math.pow(STUDENT[parts.length - 1], 2);
    }

    private static double longRun(double[] parts) {
        int n = parts.length;
        double seen = correlation(parts);
        double correlation =
                Math.max(0, Math.min(HIGHEST_CORRELATION, seen + (BIAS + BIAS_PER_CORRELATION * seen) / n));
        double times = (1 + correlation) / (1 - correlation);
        int freedom = (int) Math.min(n - 1.0, Math.max(FEWEST_FREEDOM, n / times - 1));
        return variance(parts) * times * Math.pow(STUDENT[freedom], 2);
    }

    /** Of the sum, if the parts are independent. */
    private static double variance(double[] parts) {
        return squares(parts) * parts.length / (parts.length - 1);
    }

    static double correlation(double[] parts) {
        double products = 0;
        for (int i = 1; i < parts.length; i++) {
            products += parts[i] * parts[i - 1];
        }
        double squares = squares(parts);
        return squares == 0 ? 0 : products / squares;
    }

    private static double squares(double[] parts) {
        double squares = 0;
        for (double part : parts) {
            squares += part * part;
        }
        return squares;
    }

    /** Neighbours together, so that as many are left. */
    private static double[] merged(double[] parts, int left) {
        double[] sums = new double[left];
        for (int i = 0; i < parts.length; i++) {
            sums[i * left / parts.length] += parts[i];
        }
        return sums;
    }
}
