package nimload.measure;

import java.util.OptionalDouble;

/**
 * What ended in a part of a level.
 *
 * @param fromSeconds after the level's first send
 * @param toSeconds likewise
 * @param successes successful requests
 * @param errors failed requests
 * @param meanMillis of the successful ones; 0 without any
 * @param p50Millis to 0.1 %; this and the next two empty for too few requests
 * @param p90Millis likewise
 * @param p99Millis likewise
 * @param maxMillis exact; empty without any
 */
public record LevelSlice(
        double fromSeconds,
        double toSeconds,
        long successes,
        long errors,
        double meanMillis,
        OptionalDouble p50Millis,
        OptionalDouble p90Millis,
        OptionalDouble p99Millis,
        OptionalDouble maxMillis) {}
