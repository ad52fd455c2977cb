package nimload.plan;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a generator's clock is ahead of the clock that all generators of a run were compared with.
 *
 * @param aheadMs negative where it is behind
 * @param boundMs the true value is at most this far from {@code aheadMs}
 */
public record ClockOffset(double aheadMs, double boundMs) {
    private static final Pattern TEXT = Pattern.compile("(-?\\d{1,9}(?:\\.\\d{1,6})?)/(\\d{1,9}(?:\\.\\d{1,6})?)ms");

    /** @throws IllegalArgumentException if it is not {@link #text} */
    public static ClockOffset of(String text) {
        Matcher offset = TEXT.matcher(text);
        if (!offset.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not an offset with its bound, e.g. -3.2/0.8ms");
        }
        return new ClockOffset(Double.parseDouble(offset.group(1)), Double.parseDouble(offset.group(2)));
    }

    /** {@code -3.2/0.8ms}. */
    public String text() {
        return plain(aheadMs) + "/" + plain(boundMs) + "ms";
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
