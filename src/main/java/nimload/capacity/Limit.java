package nimload.capacity;

import java.math.BigDecimal;

/**
 * What the target must keep: the highest share of requests that fail or are answered too late.
 *
 * @param share 0 to 1, exclusive: 0.05 for p95
 * @param millis response time up to which an answer is in time; infinite where only failures count
 */
public record Limit(double share, double millis) {
    /** @throws IllegalArgumentException if the share is not between 0 and 1, or the time is not above 0 */
    public Limit {
        if (!(share > 0 && share < 1 && millis > 0)) {
            throw new IllegalArgumentException("no limit: a share of " + share + " slower than " + millis + " ms");
        }
    }

    /** @param percentile 0 to 100, exclusive */
    public static Limit percentile(double percentile, double millis) {
        return new Limit(
                BigDecimal.valueOf(100)
                        .subtract(BigDecimal.valueOf(percentile))
                        .movePointLeft(2)
                        .doubleValue(),
                millis);
    }

    /** @param share 0 to 1, exclusive */
    public static Limit errors(double share) {
        return new Limit(share, Double.POSITIVE_INFINITY);
    }

    /** Whether it limits failures only. */
    public boolean errorsOnly() {
        return Double.isInfinite(millis);
    }

    /** {@code p95 <= 20 ms} or {@code errors <= 1 %}. */
    public String text() {
        BigDecimal percent = BigDecimal.valueOf(share).movePointRight(2);
        return errorsOnly()
                ? "errors <= " + plain(percent) + " %"
                : "p" + plain(BigDecimal.valueOf(100).subtract(percent)) + " <= " + plain(BigDecimal.valueOf(millis))
                        + " ms";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
