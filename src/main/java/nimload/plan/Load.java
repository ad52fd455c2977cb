package nimload.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What decides when the next request is sent. In JSON its text: {@code 20/s poisson}.
 *
 * @param requestsPerSecond of an open model, in which requests arrive at a rate whatever the answers do; 0 for the closed
 *     one
 * @param arrivals how they are spread, e.g. {@code poisson} or {@code constant}; empty where that is not known
 */
public record Load(double requestsPerSecond, String arrivals) {
    /** Each user sends again after its answer. */
    public static final Load CLOSED = new Load(0, "");

    /** The lowest rate of a run: a level looks only at an arrival whether it is to end, here each 10 s. */
    public static final double LOWEST_RATE = 0.1;

    /** How requests of an open model are spread over time. */
    enum Arriving {
        /** They do not know of each other, as those of many people. */
        POISSON,
        /** At equal distances. */
        CONSTANT;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?)/s(?: (.+))?");

    /** @throws IllegalArgumentException if the rate is not a finite number of at least 0 */
    public Load {
        if (!(requestsPerSecond >= 0) || Double.isInfinite(requestsPerSecond)) {
            throw new IllegalArgumentException(requestsPerSecond + " is not a rate");
        }
    }

    /** @throws IllegalArgumentException if it is not {@link #text} */
    @JsonCreator
    public static Load of(String text) {
        Matcher rate = TEXT.matcher(text);
        if (!rate.matches()) {
            throw new IllegalArgumentException("load \"" + text + "\" is not a rate, e.g. 20/s poisson");
        }
        return new Load(Double.parseDouble(rate.group(1)), rate.group(2) == null ? "" : rate.group(2));
    }

    /** Arrivals that do not know of each other, as those of many people. */
    public static Load poisson(double requestsPerSecond) {
        return new Load(requestsPerSecond, Arriving.POISSON.key());
    }

    /** Arrivals at equal distances. */
    public static Load constant(double requestsPerSecond) {
        return new Load(requestsPerSecond, Arriving.CONSTANT.key());
    }

    /** One of the two. */
    static Load open(double requestsPerSecond, boolean poisson) {
        return poisson ? poisson(requestsPerSecond) : constant(requestsPerSecond);
    }

    public boolean isPoisson() {
        return arrivals.equals(Arriving.POISSON.key());
    }

    public boolean closed() {
        return requestsPerSecond == 0;
    }

    /** {@code 20/s}; empty for the closed model. */
    String rateText() {
        return closed()
                ? ""
                : BigDecimal.valueOf(requestsPerSecond).stripTrailingZeros().toPlainString() + "/s";
    }

    /** {@code 20/s poisson}, {@code 0.5/s}; empty for the closed model. */
    @JsonValue
    public String text() {
        return closed() || arrivals.isEmpty() ? rateText() : rateText() + " " + arrivals;
    }
}
