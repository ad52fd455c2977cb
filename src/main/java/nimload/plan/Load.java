package nimload.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
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

    private static final String POISSON = "poisson";
    private static final String CONSTANT = "constant";

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
        return new Load(requestsPerSecond, POISSON);
    }

    /** Arrivals at equal distances. */
    public static Load constant(double requestsPerSecond) {
        return new Load(requestsPerSecond, CONSTANT);
    }

    public boolean isPoisson() {
        return arrivals.equals(POISSON);
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
