package nimload.measure;

import java.util.OptionalDouble;
import nimload.statistics.Interval;

/** Numbers rounded to what was measured, as the results hold them. */
final class Rounded {

    private Rounded() {}

    static double to(int decimals, double value) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }

    static OptionalDouble to(int decimals, OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(to(decimals, value.getAsDouble())) : value;
    }

    static Interval to(int decimals, Interval interval) {
        return new Interval(to(decimals, interval.low()), to(decimals, interval.high()));
    }
}
