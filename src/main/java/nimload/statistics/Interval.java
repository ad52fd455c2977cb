package nimload.statistics;

import java.util.OptionalDouble;

/**
 * A 95 % confidence interval, in the unit of the value it belongs to.
 *
 * @param low empty where there are too few samples to bound it
 * @param high empty likewise: the true value may lie anywhere above {@code low}
 */
public record Interval(OptionalDouble low, OptionalDouble high) {
    public static Interval of(double low, double high) {
        return new Interval(OptionalDouble.of(low), OptionalDouble.of(high));
    }

    /** The shortest that holds both. */
    public Interval hull(Interval other) {
        return new Interval(
                low.isEmpty() || other.low.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.min(low.getAsDouble(), other.low.getAsDouble())),
                high.isEmpty() || other.high.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.max(high.getAsDouble(), other.high.getAsDouble())));
    }
}
