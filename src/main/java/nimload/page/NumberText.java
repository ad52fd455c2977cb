package nimload.page;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import nimload.results.Cell;
import nimload.statistics.Interval;

/** Numbers as the page shows them, the same in every locale; {@link Cell#UNKNOWN} for one that is not known. */
public final class NumberText {
    private NumberText() {}

    /** Four significant digits, at most {@code decimals} decimals, and all whole digits: 0.512, 87.54, 12,345. */
    public static String of(double value, int decimals) {
        double size = Math.abs(value);
        int wholeDigits = size < 1 ? 1 : (int) Math.floor(Math.log10(size)) + 1;
        return String.format(Locale.ROOT, "%,." + Math.min(decimals, Math.max(0, 4 - wholeDigits)) + "f", value);
    }

    public static String of(OptionalDouble value, int decimals) {
        return value.isPresent() ? of(value.getAsDouble(), decimals) : Cell.UNKNOWN;
    }

    /** ms, down to the µs that were measured. */
    public static String millis(OptionalDouble value) {
        return of(value, 3);
    }

    /** As {@link #millis}, without trailing zeros: for values that may have been measured in whole units. */
    public static String trimmed(OptionalDouble value) {
        String text = millis(value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    /** All of its digits: what was set rather than measured. 1,135.8 as {@code 1135.8}, 20 as {@code 20}. */
    public static String exact(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** 0.168 as {@code 16.8 %}. */
    public static String percent(OptionalDouble share) {
        return share.isPresent() ? of(100 * share.getAsDouble(), 1) + " %" : Cell.UNKNOWN;
    }

    /** {@code 87.31 … 87.69}; {@code ≥ 87.31} or {@code ≤ 87.69} where one side could not be bounded. */
    public static String of(Interval interval, int decimals) {
        if (interval.low().isEmpty()) {
            return interval.high().isEmpty() ? "" : "≤ " + of(interval.high(), decimals);
        }
        return interval.high().isEmpty()
                ? "≥ " + of(interval.low(), decimals)
                : of(interval.low(), decimals) + " … " + of(interval.high(), decimals);
    }
}
