package nimload.measure;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How busy the load generator's machine was during a level.
 *
 * @param machineCpu share of all cores that were busy, 0 to 1, whoever used them; empty if the platform does not tell
 * @param processCpu share of all cores that this process used, 0 to 1; the embedded NIM is part of it
 */
public record ClientLoad(OptionalDouble machineCpu, OptionalDouble processCpu) {
    /** Of several levels of the same length. */
    static ClientLoad mean(List<ClientLoad> loads) {
        return new ClientLoad(
                mean(loads.stream().map(ClientLoad::machineCpu)),
                mean(loads.stream().map(ClientLoad::processCpu)));
    }

    private static OptionalDouble mean(Stream<OptionalDouble> shares) {
        return shares.flatMapToDouble(OptionalDouble::stream).average();
    }
}
