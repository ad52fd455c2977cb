package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The load generator during a level.
 *
 * @param achievedConcurrency mean requests in flight
 * @param meanGapMs between an answer and the same user's next send
 * @param machineCpu share of all cores that were busy, 0 to 1
 * @param processCpu share of all cores that this process used, 0 to 1
 * @param generators of a level that several ran together; empty otherwise
 */
public record Client(
        OptionalDouble achievedConcurrency,
        OptionalDouble meanGapMs,
        OptionalDouble machineCpu,
        OptionalDouble processCpu,
        @JsonProperty("clientHealth") Optional<ClientHealth> health,
        @JsonProperty("clientAdds") Optional<ClientAdds> adds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Generator> generators) {

    public Client {
        generators = generators == null ? List.of() : List.copyOf(generators);
    }

    /** Of the only generator. */
    public Client(
            OptionalDouble achievedConcurrency,
            OptionalDouble meanGapMs,
            OptionalDouble machineCpu,
            OptionalDouble processCpu,
            Optional<ClientHealth> health,
            Optional<ClientAdds> adds) {
        this(achievedConcurrency, meanGapMs, machineCpu, processCpu, health, adds, List.of());
    }

    /** Of a tool that does not report it. */
    public static final Client UNKNOWN = new Client(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());

    Client with(List<Generator> several) {
        return new Client(achievedConcurrency, meanGapMs, machineCpu, processCpu, health, adds, several);
    }
}
