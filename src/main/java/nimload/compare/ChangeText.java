package nimload.compare;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import nimload.page.NumberText;
import nimload.statistics.Interval;

/** A change in per cent, {@code +12.0 %}, with no more decimals than its interval supports. */
final class ChangeText {
    /** A hundredth of a per cent; numbers are shown with four digits. */
    private static final int MOST_DECIMALS = 2;

    private ChangeText() {}

    /** {@code +12.0 %}; in whole per cent where there is no interval to go by. */
    static String of(MetricChange change) {
        return percent(change.ratio(), decimals(change)) + " %";
    }

    /** {@code +9.9 … +14.1 %}, {@code ≥ +9.9 %} where the other side is open, {@code unbounded} where both are; empty without one. */
    static String interval(MetricChange change) {
        int decimals = decimals(change);
        return change.interval().map(interval -> interval(interval, decimals)).orElse("");
    }

    private static String interval(Interval interval, int decimals) {
        if (interval.low().isPresent() && interval.high().isPresent()) {
            return percent(interval.low().getAsDouble(), decimals) + " … "
                    + percent(interval.high().getAsDouble(), decimals) + " %";
        }
        return interval.low().isPresent()
                ? "≥ " + percent(interval.low().getAsDouble(), decimals) + " %"
                : interval.high().isPresent()
                        ? "≤ " + percent(interval.high().getAsDouble(), decimals) + " %"
                        : "unbounded";
    }

    /** {@code 147.0 → 164.6 ms} or {@code 578.5 → 541.3 /s}. */
    static String values(MetricChange change) {
        return NumberText.of(change.baseline(), 3) + " → " + NumberText.of(change.run(), 3) + " "
                + change.metric().unit();
    }

    /** So many that the interval's wider half has two significant digits, as errors of measurement are given; at most two. */
    private static int decimals(MetricChange change) {
        OptionalDouble half = change.interval().stream()
                .flatMapToDouble(interval -> DoubleStream.concat(interval.low().stream(), interval.high().stream()))
                .map(end -> 100 * Math.abs(end - change.ratio()))
                .max();
        return half.isEmpty() || half.getAsDouble() == 0
                ? 0
                : (int) Math.max(0, Math.min(MOST_DECIMALS, 1 - Math.floor(Math.log10(half.getAsDouble()))));
    }

    /** With its sign, but for 0. */
    private static String percent(double ratio, int decimals) {
        BigDecimal percent = BigDecimal.valueOf(100 * (ratio - 1)).setScale(decimals, RoundingMode.HALF_UP);
        String sign = percent.signum() > 0 ? "+" : percent.signum() < 0 ? "−" : "";
        return sign + percent.abs().toPlainString();
    }
}
