package nimload.results;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How the load generator itself fared during a level.
 *
 * @param gcPauses stops of the JVM by its garbage collector
 * @param gcPauseMs of all of them together
 * @param gcLongestMs the longest, in whole ms; empty if there was none
 * @param loopLagSamples how often it was asked how late the users' threads are
 * @param loopLagP50Ms time from handing a task to a user's event loop until it ran, so what an answer waits
 * @param loopLagP90Ms likewise
 * @param loopLagP99Ms likewise
 * @param loopLagMaxMs likewise
 */
public record ClientHealth(
        OptionalLong gcPauses,
        OptionalDouble gcPauseMs,
        OptionalDouble gcLongestMs,
        long loopLagSamples,
        OptionalDouble loopLagP50Ms,
        OptionalDouble loopLagP90Ms,
        OptionalDouble loopLagP99Ms,
        OptionalDouble loopLagMaxMs) {}
