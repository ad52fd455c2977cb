package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The load generator during a level.
 *
 * @param achievedConcurrency mean requests in flight
 * @param meanGapMs between an answer and the same user's next send
 * @param machineCpu share of all cores that were busy, 0 to 1
 * @param processCpu share of all cores that this process used, 0 to 1
 */
public record Client(
        OptionalDouble achievedConcurrency,
        OptionalDouble meanGapMs,
        OptionalDouble machineCpu,
        OptionalDouble processCpu,
        @JsonProperty("clientHealth") Optional<ClientHealth> health,
        @JsonProperty("clientAdds") Optional<ClientAdds> adds) {

    /** Of a tool that does not report it. */
    public static final Client UNKNOWN = new Client(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());
}
