package nimload.measure;

import java.util.OptionalDouble;

/**
 * How busy the load generator's machine was during a level.
 *
 * @param machineCpu share of all cores that were busy, 0 to 1, whoever used them; empty if the platform does not tell
 * @param processCpu share of all cores that this process used, 0 to 1; the embedded NIM is part of it
 */
public record ClientLoad(OptionalDouble machineCpu, OptionalDouble processCpu) {}
