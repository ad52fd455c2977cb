package nimload.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/**
 * One limit of a service level objective, held against a level.
 *
 * @param metric as the SLO file names it: {@code p95}, {@code errorShare}, {@code requestsPerSecond}, {@code goodput} …
 * @param withinMs of goodput: the latency in ms that a request must not exceed to count; else empty
 * @param bound {@link #AT_MOST} or {@link #AT_LEAST}
 * @param limit in {@code unit}
 * @param measured in {@code unit}; empty where it could not be measured, which does not meet the limit
 * @param unit {@link #MILLIS}, {@link #SHARE} (0 to 1) or {@link #PER_SECOND}
 * @param met whether the measured value keeps to the limit
 * @param sure whether the whole 95 % interval of the measured value lies on the same side of the limit; empty where there
 *     is no interval
 * @param detail what a reader must also know: why there is no value, the counts behind it, or the interval that
 *     the limit lies in
 */
public record SloCheck(
        String metric,
        OptionalDouble withinMs,
        String bound,
        double limit,
        OptionalDouble measured,
        String unit,
        boolean met,
        Optional<Boolean> sure,
        Optional<String> detail) {
    public static final String AT_MOST = "at most";
    public static final String AT_LEAST = "at least";
    public static final String MILLIS = "ms";
    public static final String SHARE = "share";
    public static final String PER_SECOND = "/s";

    /** As many decimals as a latency in ms has that was measured in µs. */
    private static final int DECIMALS = 3;

    /** Digits that suffice to tell a value from the limit. */
    private static final int MAX_DECIMALS = 12;

    public SloCheck {
        Objects.requireNonNull(metric, "metric is missing");
        Objects.requireNonNull(bound, "bound is missing");
        Objects.requireNonNull(unit, "unit is missing");
    }

    /** Holds a value against a limit. A value that equals the limit meets it. */
    public static SloCheck of(
            String metric,
            OptionalDouble withinMs,
            String bound,
            double limit,
            OptionalDouble measured,
            String unit,
            Optional<Interval> interval,
            Optional<String> detail) {
        boolean atMost = bound.equals(AT_MOST);
        boolean met =
                measured.isPresent() && (atMost ? measured.getAsDouble() <= limit : measured.getAsDouble() >= limit);
        Optional<Boolean> sure = measured.isEmpty()
                ? Optional.empty()
                : interval.map(range -> {
                    // The end of the interval that is on the other side, if any is.
                    OptionalDouble worst = atMost == met ? range.high() : range.low();
                    return worst.isPresent()
                            && (atMost ? worst.getAsDouble() <= limit : worst.getAsDouble() >= limit) == met;
                });
        Optional<String> doubt = sure.filter(certain -> !certain)
                .map(doubtful -> "not sure, the 95 % interval is " + ends(interval.orElseThrow(), unit));
        return new SloCheck(
                metric, withinMs, bound, limit, measured, unit, met, sure, detail.isPresent() ? detail : doubt);
    }

    /** {@code p95 312.4 ms > 300 ms}; {@code goodput within 300 ms 98.2 % < 99 % (982 of 1000 requests)}. */
    @JsonIgnore
    public String text() {
        boolean atMost = bound.equals(AT_MOST);
        String more = detail.map(words -> " (" + words + ")").orElse("");
        String sign = met ? (atMost ? "≤" : "≥") : atMost ? ">" : "<";
        return subject() + " "
                + measuredText()
                        .map(value -> value + " " + sign + " " + limitText() + more)
                        .orElse("not known" + more + ", the limit is " + bound + " " + limitText());
    }

    /** {@code p95}; {@code goodput within 300 ms}. */
    @JsonIgnore
    public String subject() {
        return metric + (withinMs.isPresent() ? " within " + text(withinMs.getAsDouble(), MILLIS, DECIMALS) : "");
    }

    /** {@code 300 ms}, without the bound. */
    @JsonIgnore
    public String limitText() {
        return text(limit, unit);
    }

    /** {@code 312.4 ms}, with as many decimals as tell a broken limit from it. */
    @JsonIgnore
    public Optional<String> measuredText() {
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        String value = text(measured.getAsDouble(), unit, DECIMALS);
        for (int decimals = DECIMALS; value.equals(limitText()) && !met && decimals <= MAX_DECIMALS; decimals++) {
            value = text(measured.getAsDouble(), unit, decimals);
        }
        return Optional.of(value);
    }

    private static String ends(Interval interval, String unit) {
        if (interval.low().isEmpty() && interval.high().isEmpty()) {
            return "unknown";
        }
        if (interval.low().isEmpty()) {
            return text(interval.high().getAsDouble(), unit, DECIMALS) + " and less";
        }
        String low = text(interval.low().getAsDouble(), unit, DECIMALS);
        return interval.high().isEmpty()
                ? low + " and more"
                : low + " to " + text(interval.high().getAsDouble(), unit, DECIMALS);
    }

    /** {@code 300 ms}, {@code 99 %} or {@code 50/s}, with all its decimals. */
    public static String text(double value, String unit) {
        return text(value, unit, MAX_DECIMALS);
    }

    private static String text(double value, String unit, int decimals) {
        boolean share = unit.equals(SHARE);
        BigDecimal number = BigDecimal.valueOf(value)
                .scaleByPowerOfTen(share ? 2 : 0)
                .setScale(decimals, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return number.toPlainString() + (share ? " %" : unit.equals(MILLIS) ? " ms" : unit);
    }
}
