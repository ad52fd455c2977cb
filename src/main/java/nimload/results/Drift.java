package nimload.results;

import java.util.Objects;

/**
 * Whether latency still moved while the level was measured.
 *
 * @param verdict {@code steady}, {@code drifting} or {@code unknown}
 * @param detail why, in a phrase
 */
public record Drift(String verdict, String detail) {
    public Drift {
        Objects.requireNonNull(verdict, "verdict is missing");
        Objects.requireNonNull(detail, "detail is missing");
    }

    public static final String STEADY = "steady";
    public static final String DRIFTING = "drifting";
    public static final String UNKNOWN = "unknown";
}
