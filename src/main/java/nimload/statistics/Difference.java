package nimload.statistics;

import java.util.OptionalDouble;

/**
 * The difference of two numbers that were measured independently, with its 95 % interval.
 *
 * <p>The method of variance estimates recovery: on each side, the squared distances from the two numbers to their own limits
 * add up (Zou and Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27, 2008, section
 * 2). It keeps the asymmetry of percentile intervals. Numbers that were measured with the same random arrivals vary together,
 * so the true interval of their difference is narrower, not wider (Law, Simulation Modeling and Analysis, 11.2).
 *
 * @param value the one less the other
 * @param interval a side is empty where a limit that it needs is empty
 */
public record Difference(double value, Interval interval) {
    /**
     * @param one 95 %, in the number's unit
     * @param other likewise
     */
    public static Difference of(double value, Interval one, double less, Interval other) {
        double difference = value - less;
        OptionalDouble below = together(value, one.low(), less, other.high());
        OptionalDouble above = together(value, one.high(), less, other.low());
        return new Difference(
                difference,
                new Interval(
                        below.stream().map(off -> difference - off).findFirst(),
                        above.stream().map(off -> difference + off).findFirst()));
    }

    private static OptionalDouble together(double one, OptionalDouble limit, double other, OptionalDouble otherLimit) {
        return limit.isEmpty() || otherLimit.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.hypot(one - limit.getAsDouble(), other - otherLimit.getAsDouble()));
    }
}
