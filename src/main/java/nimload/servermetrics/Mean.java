package nimload.servermetrics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A mean that can be put together with others: what was summed, and over how much. */
record Mean(double sum, double over) {
    /** Of nothing. */
    static final Mean NONE = new Mean(0, 0);

    static <T> Mean of(List<T> parts, Function<T, Mean> mean) {
        return parts.stream().map(mean).reduce(NONE, Mean::and);
    }

    Mean and(Mean other) {
        return new Mean(sum + other.sum, over + other.over);
    }

    /** Empty over nothing. */
    OptionalDouble value() {
        return over > 0 ? OptionalDouble.of(sum / over) : OptionalDouble.empty();
    }
}
