package nimload.slo;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.slo.LevelSelector.Range;

/** Parses the values of an SLO file; empty for a text that is not such a value. */
final class SloValues {
    private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";
    private static final Pattern LATENCY = Pattern.compile(NUMBER + " ?(ms|s)");
    private static final Pattern SHARE = Pattern.compile(NUMBER + " ?%");
    private static final Pattern RATE = Pattern.compile("(?:>= ?)?" + NUMBER + "(?: ?/s)?");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    private SloValues() {}

    /** {@code 250ms}, {@code 1.5s}: in ms, above 0, no finer than 1 µs. */
    static OptionalDouble latencyMillis(String text) {
        Matcher latency = LATENCY.matcher(text);
        if (!latency.matches()) {
            return OptionalDouble.empty();
        }
        BigDecimal millis = new BigDecimal(latency.group(1))
                .scaleByPowerOfTen(latency.group(2).equals("s") ? 3 : 0);
        return millis.signum() > 0 && millis.stripTrailingZeros().scale() <= 3
                ? OptionalDouble.of(millis.doubleValue())
                : OptionalDouble.empty();
    }

    /** {@code 0.1%} as 0.001, up to 100 %. */
    static OptionalDouble share(String text) {
        Matcher share = SHARE.matcher(text);
        if (!share.matches()) {
            return OptionalDouble.empty();
        }
        BigDecimal percent = new BigDecimal(share.group(1));
        return percent.compareTo(BigDecimal.valueOf(100)) <= 0
                ? OptionalDouble.of(percent.scaleByPowerOfTen(-2).doubleValue())
                : OptionalDouble.empty();
    }

    /** {@code 100}, {@code 100/s} or {@code >= 100}: per second, above 0. */
    static OptionalDouble rate(String text) {
        Matcher rate = RATE.matcher(text);
        return rate.matches() && new BigDecimal(rate.group(1)).signum() > 0
                ? OptionalDouble.of(Double.parseDouble(rate.group(1)))
                : OptionalDouble.empty();
    }

    /** {@code 5} or {@code 1-5}, at least 1. */
    static Optional<Range> range(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return Optional.empty();
        }
        int low = Integer.parseInt(range.group(1));
        int high = range.group(2) == null ? low : Integer.parseInt(range.group(2));
        return 1 <= low && low <= high ? Optional.of(new Range(low, high)) : Optional.empty();
    }
}
