package nimload.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/**
 * A measured number and how sure it is. In JSON the value alone; a level's {@code intervals} hold the rest.
 *
 * @param interval 95 %, in the value's unit; empty where none could be made
 */
public record Estimate(@JsonValue double value, Optional<Interval> interval) {

    @JsonCreator
    public static Estimate of(double value) {
        return new Estimate(value, Optional.empty());
    }

    /** Empty without a value. */
    public static Optional<Estimate> of(OptionalDouble value, Optional<Interval> interval) {
        return value.isPresent() ? Optional.of(new Estimate(value.getAsDouble(), interval)) : Optional.empty();
    }

    /** Whether it is not known to have no upper bound: a percentile of few requests may lie anywhere above its value. */
    public boolean bounded() {
        return interval.isEmpty() || interval.get().high().isPresent();
    }

    /** The same value with the interval, or without one. */
    Estimate with(Optional<Interval> other) {
        return new Estimate(value, other);
    }

    public static OptionalDouble value(Optional<Estimate> estimate) {
        return estimate.map(known -> OptionalDouble.of(known.value)).orElse(OptionalDouble.empty());
    }
}
