package nimload.statistics;

import java.util.OptionalDouble;

/**
 * The ratio of two positive numbers that were measured independently, with its 95 % interval.
 *
 * <p>The method of variance estimates recovery on the logarithms: on each side, the squared distances from the two
 * numbers to their own limits add up (Zou and Donner, Construction of confidence limits about effect measures,
 * Statistics in Medicine 27, 2008, section 3). It keeps the asymmetry of percentile intervals and does not depend on
 * how they were computed.
 *
 * @param value numerator ÷ denominator
 * @param interval a side is empty where a limit that it needs is empty
 */
public record Ratio(double value, Interval interval) {
    /** Half the width of a 95 % interval in standard deviations of the normal distribution. */
    private static final double Z = 1.959964;

    /**
     * A number above 0 and its error.
     *
     * @param interval 95 %, in the number's unit
     * @param furtherVariance variance of the number's logarithm that the interval leaves out; 0 for none
     */
    public record Estimate(double value, Interval interval, double furtherVariance) {
        private OptionalDouble below() {
            return interval.low().stream()
                    .filter(low -> low > 0)
                    .map(low -> Math.max(0, Math.log(value / low)))
                    .findFirst();
        }

        private OptionalDouble above() {
            return interval.high().stream()
                    .map(high -> Math.max(0, Math.log(high / value)))
                    .findFirst();
        }
    }

    /** @throws IllegalArgumentException if a number is not above 0 */
    public static Ratio of(Estimate numerator, Estimate denominator) {
        if (!(numerator.value > 0 && denominator.value > 0)) {
            throw new IllegalArgumentException("no ratio of " + numerator.value + " and " + denominator.value);
        }
        double log = Math.log(numerator.value / denominator.value);
        double further = Z * Z * (numerator.furtherVariance + denominator.furtherVariance);
        OptionalDouble below = together(numerator.below(), denominator.above(), further);
        OptionalDouble above = together(numerator.above(), denominator.below(), further);
        return new Ratio(
                Math.exp(log),
                new Interval(
                        below.stream().map(off -> Math.exp(log - off)).findFirst(),
                        above.stream().map(off -> Math.exp(log + off)).findFirst()));
    }

    private static OptionalDouble together(OptionalDouble one, OptionalDouble other, double further) {
        return one.isEmpty() || other.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(
                        one.getAsDouble() * one.getAsDouble() + other.getAsDouble() * other.getAsDouble() + further));
    }
}
