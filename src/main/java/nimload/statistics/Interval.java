package nimload.statistics;

import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;

/**
 * A 95 % confidence interval, in the unit of its value.
 *
 * @param low empty with too few samples to bound it
 * @param high likewise; if empty, the true value may lie anywhere above {@code low}
 */
public record Interval(OptionalDouble low, OptionalDouble high) {
    /** The share of 95 % intervals that miss the true value although nothing is wrong. */
    private static final double MISSED = 0.05;

    /** Number of these intervals that miss the true value by chance, on average. */
    public static double missedByChance(int intervals) {
        return MISSED * intervals;
    }

    public static Interval of(double low, double high) {
        return new Interval(OptionalDouble.of(low), OptionalDouble.of(high));
    }

    /** The shortest interval that holds both; a side that either leaves open stays open. */
    public Interval hull(Interval other) {
        return new Interval(
                low.isEmpty() || other.low.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.min(low.getAsDouble(), other.low.getAsDouble())),
                high.isEmpty() || other.high.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.max(high.getAsDouble(), other.high.getAsDouble())));
    }

    /** What both hold: no end reaches further than in either. */
    public Interval within(Interval other) {
        return new Interval(both(low, other.low, Math::max), both(high, other.high, Math::min));
    }

    private static OptionalDouble both(OptionalDouble one, OptionalDouble other, DoubleBinaryOperator nearer) {
        return DoubleStream.concat(one.stream(), other.stream()).reduce(nearer);
    }
}
