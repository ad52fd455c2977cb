package nimload.results;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One replica's share of a level. What is empty is not known.
 *
 * @param users that send to it
 * @param requests counted, successful and failed
 * @param errors of these, failed
 * @param requestsPerSecond successful
 * @param p50Ms of successful requests
 * @param p95Ms likewise; empty for fewer than 20
 * @param inFlight mean requests in flight in the window
 * @param server what its metrics reported
 */
public record Replica(
        String url,
        int users,
        long requests,
        long errors,
        OptionalDouble requestsPerSecond,
        OptionalDouble p50Ms,
        OptionalDouble p95Ms,
        OptionalDouble inFlight,
        Optional<ServerShare> server) {}
