package nimload.page;

import java.util.Locale;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/** Numbers as the page shows them, in every locale alike; what is not known is a dash. */
public final class NumberText {
    public static final String UNKNOWN = "–";

    private NumberText() {}

    /** Four significant digits, but at most {@code decimals} decimals and no whole digit less: 0.512, 87.54, 1,234. */
    public static String of(double value, int decimals) {
        double size = Math.abs(value);
        int wholeDigits = size < 1 ? 1 : (int) Math.floor(Math.log10(size)) + 1;
        return String.format(Locale.ROOT, "%,." + Math.min(decimals, Math.max(0, 4 - wholeDigits)) + "f", value);
    }

    public static String of(OptionalDouble value, int decimals) {
        return value.isPresent() ? of(value.getAsDouble(), decimals) : UNKNOWN;
    }

    /** ms, down to the µs that were measured. */
    public static String millis(OptionalDouble value) {
        return of(value, 3);
    }

    /** 0.168 as {@code 16.8 %}. */
    public static String percent(OptionalDouble share) {
        return share.isPresent() ? of(100 * share.getAsDouble(), 1) + " %" : UNKNOWN;
    }

    /** {@code 87.31 … 87.69}; {@code ≥ 87.31} or {@code ≤ 87.69} where one side could not be bounded. */
    public static String of(Interval interval, int decimals) {
        if (interval.low().isEmpty() && interval.high().isEmpty()) {
            return "";
        }
        if (interval.low().isEmpty()) {
            return "≤ " + of(interval.high(), decimals);
        }
        return interval.high().isEmpty()
                ? "≥ " + of(interval.low(), decimals)
                : of(interval.low(), decimals) + " … " + of(interval.high(), decimals);
    }
}
