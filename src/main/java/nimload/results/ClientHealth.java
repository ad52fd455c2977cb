package nimload.results;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;

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
 * @param runQueueWaitMs for which all users' event loops together were ready to run and got no core
 */
public record ClientHealth(
        OptionalLong gcPauses,
        OptionalDouble gcPauseMs,
        OptionalDouble gcLongestMs,
        long loopLagSamples,
        OptionalDouble loopLagP50Ms,
        OptionalDouble loopLagP90Ms,
        OptionalDouble loopLagP99Ms,
        OptionalDouble loopLagMaxMs,
        OptionalDouble runQueueWaitMs) {

    /** Two runs of the same level as one: the pauses of both, and the lags of the one whose loops were later. */
    public static ClientHealth together(ClientHealth a, ClientHealth b) {
        boolean later = b.loopLagP90Ms.orElse(0) > a.loopLagP90Ms.orElse(0);
        ClientHealth lags = later ? b : a;
        boolean known = a.gcPauses.isPresent() && b.gcPauses.isPresent();
        return new ClientHealth(
                known ? OptionalLong.of(a.gcPauses.getAsLong() + b.gcPauses.getAsLong()) : OptionalLong.empty(),
                known
                        ? OptionalDouble.of(a.gcPauseMs.orElseThrow() + b.gcPauseMs.orElseThrow())
                        : OptionalDouble.empty(),
                DoubleStream.concat(a.gcLongestMs.stream(), b.gcLongestMs.stream())
                        .max(),
                lags.loopLagSamples,
                lags.loopLagP50Ms,
                lags.loopLagP90Ms,
                lags.loopLagP99Ms,
                lags.loopLagMaxMs,
                a.runQueueWaitMs.isPresent() && b.runQueueWaitMs.isPresent()
                        ? OptionalDouble.of(a.runQueueWaitMs.getAsDouble() + b.runQueueWaitMs.getAsDouble())
                        : OptionalDouble.empty());
    }
}
