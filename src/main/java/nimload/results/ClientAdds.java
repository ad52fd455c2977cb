package nimload.results;

import java.util.OptionalDouble;

/**
 * What this client was measured to add to a level's latency: before the grid, the same machinery sent requests of the same
 * shape to a server that answers after a fixed time and reports its own time per request.
 *
 * @param concurrency at which that was measured: the nearest to the level's own of those that were
 * @param samples requests of that measurement
 * @param serverDelayMs the fixed time
 * @param p50Ms of latency minus the time that the server itself took for that very request: the client's, the loopback
 *     connection's and the server's writing
 * @param p99Ms likewise; empty below 100 samples
 * @param meanGapMs between an answer and the same user's next send
 */
public record ClientAdds(
        int concurrency,
        long samples,
        double serverDelayMs,
        OptionalDouble p50Ms,
        OptionalDouble p99Ms,
        OptionalDouble meanGapMs) {}
