package nimload.results;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * One of a level's repeats; the level's own numbers are those of all of them together.
 *
 * @param number from 1
 * @param ended when; null where an imported file does not say
 * @param requests successful ones
 */
public record Repeat(int number, Instant ended, long requests, OptionalDouble requestsPerSecond, Latency latencyMs) {
    public Repeat {
        latencyMs = latencyMs == null ? Latency.UNKNOWN : latencyMs;
    }
}
