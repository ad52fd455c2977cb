package nimload.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether latency still moved while the level was measured. The numbers are those of the largest change; empty in a steady
 * level, and in files of versions that did not write them.
 *
 * @param verdict {@code steady}, {@code drifting} or {@code unknown}
 * @param detail why, in a phrase
 * @param fromMs typical latency before the change, ms
 * @param toMs typical latency after it, ms
 * @param atSeconds after the level's first send, when it changed; empty for a change over the whole level
 * @param advice what to do about it, in a phrase
 */
public record Drift(
        String verdict,
        String detail,
        OptionalDouble fromMs,
        OptionalDouble toMs,
        OptionalDouble atSeconds,
        Optional<String> advice) {
    public static final String STEADY = "steady";
    public static final String DRIFTING = "drifting";
    public static final String UNKNOWN = "unknown";

    public Drift {
        Objects.requireNonNull(verdict, "verdict is missing");
        Objects.requireNonNull(detail, "detail is missing");
    }

    /** Without a change. */
    public static Drift none(String verdict, String detail) {
        return new Drift(
                verdict,
                detail,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }

    /** The detail, and the advice where there is one. */
    @JsonIgnore
    public String words() {
        return detail + advice.map(todo -> "; " + todo).orElse("");
    }
}
