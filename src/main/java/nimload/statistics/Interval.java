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
}
