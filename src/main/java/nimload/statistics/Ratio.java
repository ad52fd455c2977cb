package nimload.statistics;

import java.util.OptionalDouble;

/**
 * The ratio of two positive numbers that were measured independently, with its 95 % interval.
 *
 * <p>The interval is made from each number's own by the method of variance estimates recovery on the logarithms: what each
 * may be off towards the side in question is squared and added (Zou and Donner, Construction of confidence limits about
 * effect measures, Statistics in Medicine 27, 2008, section 3). It keeps the asymmetry of percentiles' intervals and
 * assumes nothing of how they were made.
 *
 * @param value numerator ÷ denominator
 * @param interval a side is empty where the side of a number that it is made from is
 */
public record Ratio(double value, Interval interval) {
    /** Of the normal distribution: what a variance contributes to a 95 % interval. */
    private static final double Z = 1.959964;

    /**
     * A number above 0 and what is known of its error.
     *
     * @param interval 95 %, in the number's unit
     * @param furtherVariance of the number's logarithm, that the interval does not hold; 0 for none
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
