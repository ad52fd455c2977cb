package nimload.results;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the server's {@code /v1/metrics} said of a level. Everything is empty that it did not say.
 *
 * @param samples pages that were read, the ones before the first send and after the last answer among them
 * @param gpuUtilization mean of the samples after the first send, 0 to 1, over all GPUs that it lists
 * @param gpuUtilizationMax of a sample
 * @param gpuPowerWatts mean likewise, all GPUs together
 * @param gpuPowerWattsMax of a sample
 * @param gpuMemoryUsedBytes highest
 * @param gpuMemoryTotalBytes of all GPUs
 * @param energyJoules over the level, by the server's own counter
 * @param joulesPer1000Items all energy of the GPUs in the level, whatever used it, by 1,000 of this client's successful
 *     texts or pairs
 * @param meanBatch items in a batch that the server computed (count ÷ executions); of an ensemble, in the step that
 *     computed longest
 * @param queueMs mean time of a request in the server's queue
 * @param computeMs mean time of a request in its computation, its input and output included; each request of a batch
 *     counts the whole batch's time
 * @param requestMs mean time of a request in the server
 * @param pendingMax most requests seen waiting
 * @param requestsCounted requests that the server counted between the level's first send and last answer
 * @param requestsSent that this client sent in the same time and that ended, successful or not
 * @param series values over time, to be drawn, by {@code gpuUtilization}, {@code gpuPowerWatts}, {@code
 *     gpuMemoryUsedBytes} and {@code pending}: pairs of seconds after the first send, and value; of a level's first run
 *     where it was repeated
 * @param notes what a reader must know of these numbers, a sentence each
 */
public record ServerShare(
        int samples,
        OptionalDouble gpuUtilization,
        OptionalDouble gpuUtilizationMax,
        OptionalDouble gpuPowerWatts,
        OptionalDouble gpuPowerWattsMax,
        OptionalDouble gpuMemoryUsedBytes,
        OptionalDouble gpuMemoryTotalBytes,
        OptionalDouble energyJoules,
        OptionalDouble joulesPer1000Items,
        OptionalDouble meanBatch,
        OptionalDouble queueMs,
        OptionalDouble computeMs,
        OptionalDouble requestMs,
        OptionalDouble pendingMax,
        OptionalLong requestsCounted,
        OptionalLong requestsSent,
        Map<String, List<double[]>> series,
        List<String> notes) {
    public ServerShare {
        series = series == null ? Map.of() : Map.copyOf(series);
        notes = notes == null ? List.of() : List.copyOf(notes);
    }
}
