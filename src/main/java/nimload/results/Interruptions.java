package nimload.results;

import java.util.OptionalDouble;

/**
 * What interrupted a level.
 *
 * @param longestSilenceMs longest time in which no request ended while some were in flight, less what this client stood
 *     still meanwhile
 * @param longestSilenceAtSeconds when it began, after the window opened
 * @param p99IfUsersDidNotWaitMs p99 if each user had sent at its usual pace while it waited; only where it is over 10 %
 *     above p99
 * @param requestsStalled successful requests during which this client stood still for a tenth of their time or more
 */
public record Interruptions(
        OptionalDouble longestSilenceMs,
        OptionalDouble longestSilenceAtSeconds,
        OptionalDouble p99IfUsersDidNotWaitMs,
        long requestsStalled) {}
