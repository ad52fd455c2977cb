package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A level's requests and what became of them.
 *
 * @param count successful and failed
 * @param errors failed
 * @param errorsByKind {@code http 503}, {@code timeout} …
 * @param warmUpErrorsByKind failed requests of the warm-up; they are in no other number
 * @param firstErrors the first error's text of each kind
 * @param answersComparedInFull answers of which every value was read and compared
 */
public record Requests(
        @JsonProperty("requests") long count,
        long errors,
        Map<String, Long> errorsByKind,
        Map<String, Long> warmUpErrorsByKind,
        Map<String, String> firstErrors,
        OptionalLong answersComparedInFull) {

    public Requests {
        errorsByKind = errorsByKind == null ? Map.of() : Map.copyOf(errorsByKind);
        warmUpErrorsByKind = warmUpErrorsByKind == null ? Map.of() : Map.copyOf(warmUpErrorsByKind);
        firstErrors = firstErrors == null ? Map.of() : Map.copyOf(firstErrors);
    }

    /** Counts alone, as other tools report them. */
    public static Requests of(long count, long errors) {
        return new Requests(count, errors, Map.of(), Map.of(), Map.of(), OptionalLong.empty());
    }

    public long successes() {
        return count - errors;
    }
}
