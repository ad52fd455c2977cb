package nimload.results;

import java.util.OptionalDouble;

/**
 * What this client was measured to add to a level's latency: before the grid, the same machinery sent the same requests to
 * a server that answers after a fixed time.
 *
 * @param samples requests of that measurement
 * @param serverDelayMs the fixed time
 * @param p50Ms latency's p50 above the time that the server itself took
 * @param p99Ms likewise; empty below 100 samples
 * @param meanGapMs between an answer and the same user's next send
 */
public record ClientAdds(
        long samples, double serverDelayMs, OptionalDouble p50Ms, OptionalDouble p99Ms, OptionalDouble meanGapMs) {}
