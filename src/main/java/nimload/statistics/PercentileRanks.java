package nimload.statistics;

import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The ranks of the two values among n sorted ones that enclose a percentile of their distribution with 95 % confidence:
 * the binomial order-statistic interval, which holds for any distribution (Conover, Practical Nonparametric Statistics,
 * 3.2).
 *
 * @param low rank from 1; empty where even the lowest value may lie above the percentile
 * @param high rank up to n; empty where even the highest value may lie below it
 */
public record PercentileRanks(OptionalLong low, OptionalLong high) {
    private static final double TAIL = 0.025;

    /**
     * @param count n
     * @param percentile 0 to 100, exclusive
     * @param inflation of the variance by correlation, at least 1; see {@link Inflation}
     */
    public static PercentileRanks of(long count, double percentile, double inflation) {
        // The number of independent values that tell as much.
        int independent = (int) Math.min(Integer.MAX_VALUE - 1L, Math.max(1, Math.floor(count / inflation)));
        BinomialDistribution below = BinomialDistribution.of(independent, percentile / 100);
        // The value of rank r is at or below the percentile unless fewer than r values are below it.
        int low = below.inverseCumulativeProbability(TAIL);
        // The value of rank r is above the percentile if at most r - 1 values are below it.
        int high = below.inverseCumulativeProbability(1 - TAIL) + 1;
        double scale = (double) count / independent;
        return new PercentileRanks(
                low < 1 ? OptionalLong.empty() : OptionalLong.of(Math.max(1, (long) Math.floor(low * scale))),
                high > independent
                        ? OptionalLong.empty()
                        : OptionalLong.of(Math.min(count, (long) Math.ceil(high * scale))));
    }

    /**
     * The fewest independent values of which the highest bounds the percentile above at 97.5 %: 368 for p99. All of n values
     * lie below it with a probability of (percentile ÷ 100)ⁿ.
     *
     * @param percentile 0 to 100, exclusive
     */
    public static long valuesToBoundAbove(double percentile) {
        return (long) Math.ceil(Math.log(TAIL) / Math.log(percentile / 100));
    }
}
