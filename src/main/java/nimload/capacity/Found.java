package nimload.capacity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import nimload.capacity.Outcome.Cause;

/**
 * The capacity: between which two values the limits begin to break, with 95 % confidence.
 *
 * @param limits that must hold
 * @param low the limits hold up to here; empty if no step shows it
 * @param high they are broken from here on; empty if no step shows it
 * @param estimate most likely between them; empty unless both are known
 * @param brokeFirst what broke the limits at the lowest value that broke them; {@link Cause#CLIENT} if the client limited the
 *     search before that, {@link Cause#NONE} if nothing broke
 * @param clientLimit the lowest value that the client could not keep; empty if it kept all
 * @param ended why the search ended
 */
public record Found(
        List<Limit> limits,
        OptionalDouble low,
        OptionalDouble high,
        OptionalDouble estimate,
        Cause brokeFirst,
        OptionalDouble clientLimit,
        Ended ended) {
    private static final MathContext DOWN = new MathContext(4, RoundingMode.FLOOR);
    private static final MathContext UP = new MathContext(4, RoundingMode.CEILING);

    /** Why a search ended. */
    public enum Ended {
        PRECISE(""),
        HIGHEST("nothing broke up to the highest value allowed"),
        LOWEST(""),
        CLIENT(""),
        STEPS("stopped at the most steps allowed"),
        SECONDS("stopped at the longest time allowed"),
        CUT_SHORT("the search did not come to its end"),
        LOST("the target did not answer again after it collapsed");

        private final String text;

        Ended(String text) {
            this.text = text;
        }
    }

    public Found {
        limits = List.copyOf(limits);
    }

    /**
     * {@code at least 812 and at most 836 queries/s at p95 <= 20 ms (95 %); latency broke first}.
     *
     * @param unit e.g. {@code queries/s}
     */
    public String sentence(String unit) {
        String at = limits.stream().map(Limit::text).collect(Collectors.joining(" and "));
        StringBuilder text = new StringBuilder();
        if (low.isPresent() && high.isPresent()) {
            text.append("at least ").append(down(low)).append(" and at most ").append(up(high));
        } else if (low.isPresent()) {
            text.append("at least ").append(down(low));
        } else if (high.isPresent()) {
            text.append("less than ").append(up(high));
        } else {
            text.append("unknown number of");
        }
        text.append(' ').append(unit).append(" at ").append(at);
        if (low.isPresent() || high.isPresent()) {
            text.append(" (95 %)");
        }
        if (ended == Ended.CLIENT) {
            text.append("; the client is the limit at ")
                    .append(down(clientLimit))
                    .append(' ')
                    .append(unit);
        } else if (brokeFirst != Cause.NONE) {
            text.append("; ").append(brokeFirst.text()).append(" broke first");
        }
        return ended.text.isEmpty() ? text.toString() : text + "; " + ended.text;
    }

    private static String down(OptionalDouble value) {
        return text(value, DOWN);
    }

    private static String up(OptionalDouble value) {
        return text(value, UP);
    }

    private static String text(OptionalDouble value, MathContext rounding) {
        return BigDecimal.valueOf(value.orElseThrow())
                .round(rounding)
                .stripTrailingZeros()
                .toPlainString();
    }
}
