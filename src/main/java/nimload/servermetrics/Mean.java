package nimload.servermetrics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A mean that combines with others: a sum and what it is over. */
record Mean(double sum, double over) {
    /** The mean of nothing. */
    static final Mean NONE = new Mean(0, 0);

    static <T> Mean of(List<T> parts, Function<T, Mean> mean) {
        return parts.stream().map(mean).reduce(NONE, Mean::and);
    }

    Mean and(Mean other) {
        return new Mean(sum + other.sum, over + other.over);
    }

    /** Empty for the mean of nothing. */
    OptionalDouble value() {
        return over > 0 ? OptionalDouble.of(sum / over) : OptionalDouble.empty();
    }
}
