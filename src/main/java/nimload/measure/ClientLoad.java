package nimload.measure;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How busy the load generator's machine was during a level.
 *
 * @param machineCpu share of all cores in use by any process, 0 to 1; empty where the platform does not report it
 * @param processCpu share of all cores in use by this process, the embedded NIM included, 0 to 1
 */
public record ClientLoad(OptionalDouble machineCpu, OptionalDouble processCpu) {
    /** Nobody looked. */
    public static final ClientLoad UNKNOWN = new ClientLoad(OptionalDouble.empty(), OptionalDouble.empty());

    /** Share of all cores in use by others; empty where that is not known. */
    OptionalDouble othersCpu() {
        return machineCpu.isPresent() && processCpu.isPresent()
                ? OptionalDouble.of(Math.max(0, machineCpu.getAsDouble() - processCpu.getAsDouble()))
                : OptionalDouble.empty();
    }

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
