package nimload.servermetrics;

import java.util.OptionalDouble;

/** A mean that combines with others: a sum and what it is over. */
record Mean(double sum, double over) {
    /** The mean of nothing. */
    static final Mean NONE = new Mean(0, 0);

    Mean and(Mean other) {
        return new Mean(sum + other.sum, over + other.over);
    }

    /** Empty for the mean of nothing. */
    OptionalDouble value() {
        return over > 0 ? OptionalDouble.of(sum / over) : OptionalDouble.empty();
    }
}
