package nimload.statistics;

import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Between which two of n sorted values a percentile of what they were drawn from lies, with 95 % confidence: the binomial
 * order-statistic interval, which assumes nothing of the distribution (Conover, Practical Nonparametric Statistics, 3.2).
 *
 * @param low rank from 1; empty where not even the lowest value is low enough
 * @param high rank up to n; empty where not even the highest value is high enough
 */
public record PercentileRanks(OptionalLong low, OptionalLong high) {
    private static final double TAIL = 0.025;

    /**
     * @param count n
     * @param percentile 0 to 100, exclusive
     * @param inflation of the variance by resemblance of neighbours, at least 1; see {@link Inflation}
     */
    public static PercentileRanks of(long count, double percentile, double inflation) {
        // As many independent values as the n are worth.
        int independent = (int) Math.min(Integer.MAX_VALUE - 1L, Math.max(1, Math.floor(count / inflation)));
        BinomialDistribution below = BinomialDistribution.of(independent, percentile / 100);
        // Value number r is at or below the percentile unless fewer than r values are below it.
        int low = below.inverseCumulativeProbability(TAIL);
        // Value number r is above the percentile if at most r - 1 values are below it.
        int high = below.inverseCumulativeProbability(1 - TAIL) + 1;
        double scale = (double) count / independent;
        return new PercentileRanks(
                low < 1 ? OptionalLong.empty() : OptionalLong.of(Math.max(1, (long) Math.floor(low * scale))),
                high > independent
                        ? OptionalLong.empty()
                        : OptionalLong.of(Math.min(count, (long) Math.ceil(high * scale))));
    }
}
