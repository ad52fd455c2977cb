package nimload.results;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the server's {@code /v1/metrics} said of a level. Everything is empty that it did not say.
 *
 * @param samples pages that were read
 * @param gpuUtilization mean, 0 to 1, over all GPUs that it lists
 * @param gpuUtilizationMax of a sample
 * @param gpuPowerWatts mean of a sample, all GPUs together
 * @param gpuPowerWattsMax of a sample
 * @param gpuMemoryUsedBytes highest
 * @param gpuMemoryTotalBytes of all GPUs
 * @param energyJoules over the level, by the server's own counter
 * @param joulesPer1000Items energy for 1,000 texts or pairs
 * @param meanBatch items in a batch that the server computed (count ÷ executions)
 * @param queueMs mean time of a request in the server's queue
 * @param computeMs mean time of a request in its computation
 * @param requestMs mean time of a request in the server
 * @param pendingMax most requests seen waiting
 * @param requestsCounted requests that the server counted between the level's first send and last answer
 * @param requestsSent that this client knows of in the same time
 * @param series values over time, by the names of this record, to be drawn: pairs of seconds after the first send, and value
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
