package nimload.statistics;

import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A straight line through a series, by least squares.
 *
 * @param first its value at the first point
 * @param last its value at the last point
 * @param change from first to last, 95 %. Its error is that of noise with a memory: the residuals' correlation from one
 *     value to the next widens it, as that of an autoregressive process of order 1. In 4,000 simulated series each of such
 *     noise it held the true change in 91 to 97 % with 20 values, 93 to 97 % with 24 and 94 to 96 % with 96; a correlation
 *     of 0.8 with 20 values is the worst
 */
public record Trend(double first, double last, Interval change) {
    /** With fewer values noise with a memory looks like a trend: of 10 with a correlation of 0.8 it held in 83 %. */
    public static final int FEWEST = 20;

    private static final double UPPER = 0.975;
    private static final int FITTED = 2;

    /** A correlation r of n values is on average too low by about (1 + 4 r) ÷ n, with a line fitted by about twice that. */
    private static final double BIAS = 2;

    private static final double BIAS_PER_CORRELATION = 8;
    private static final double HIGHEST_CORRELATION = 0.98;

    /** With fewer degrees of freedom the interval is up to four times as wide, and held hardly more often. */
    private static final double FEWEST_FREEDOM = 4;

    /** @return empty for fewer than {@value #FEWEST} values */
    public static Optional<Trend> of(double[] values) {
        int n = values.length;
        if (n < FEWEST) {
            return Optional.empty();
        }
        double middle = (n - 1) / 2.0;
        double mean = 0;
        for (double value : values) {
            mean += value / n;
        }
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += (i - middle) * (values[i] - mean);
            squares += (i - middle) * (i - middle);
        }
        double slope = products / squares;
        double rest = 0;
        double neighbours = 0;
        double before = 0;
        for (int i = 0; i < n; i++) {
            double residual = values[i] - mean - slope * (i - middle);
            rest += residual * residual;
            neighbours += i == 0 ? 0 : residual * before;
            before = residual;
        }
        double seen = rest == 0 ? 0 : neighbours / rest;
        double correlation =
                Math.max(0, Math.min(HIGHEST_CORRELATION, seen + (BIAS + BIAS_PER_CORRELATION * seen) / n));
        // As many values without a memory tell as much, and the line takes up as much of what they scatter.
        double freedom = Math.max(1, n * (1 - correlation) / (1 + correlation) - FITTED);
        double reach = TDistribution.of(Math.max(FEWEST_FREEDOM, freedom)).inverseCumulativeProbability(UPPER)
                * Math.sqrt(rest / freedom / squares)
                * (n - 1);
        double change = slope * (n - 1);
        return Optional.of(
                new Trend(mean - slope * middle, mean + slope * middle, Interval.of(change - reach, change + reach)));
    }

    /** Whether the series rose or fell, rather than scattered. */
    public boolean certain() {
        return change.low().orElseThrow() > 0 || change.high().orElseThrow() < 0;
    }
}
