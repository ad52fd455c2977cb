package nimload.measure;

import java.util.OptionalDouble;
import nimload.statistics.Interval;

/** Numbers rounded to what was measured, as the results hold them: what is not a finite number was not measured. */
final class Rounded {

    /** A number this close to a round one, in units of the last digit, is that number: the rest is of binary fractions. */
    private static final double ALREADY_ROUND = 1e-6;

    private Rounded() {}

    static double to(int decimals, double value) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }

    static OptionalDouble to(int decimals, OptionalDouble value) {
        return value.stream()
                .filter(Double::isFinite)
                .map(known -> to(decimals, known))
                .findFirst();
    }

    /** Outwards, so that it still holds what it held. */
    static Interval to(int decimals, Interval interval) {
        double scale = Math.pow(10, decimals);
        return new Interval(
                interval.low().stream()
                        .filter(Double::isFinite)
                        .map(low -> Math.floor(low * scale + ALREADY_ROUND) / scale)
                        .findFirst(),
                interval.high().stream()
                        .filter(Double::isFinite)
                        .map(high -> Math.ceil(high * scale - ALREADY_ROUND) / scale)
                        .findFirst());
    }
}
