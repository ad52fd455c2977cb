package nimload.results;

import java.util.OptionalDouble;

/**
 * The server's GPUs during a level, by its own metrics.
 *
 * @param gpuUtilization mean of the samples after the first send, 0 to 1, over all GPUs
 * @param gpuUtilizationMax of a sample
 * @param gpuPowerWatts mean likewise, all GPUs together
 * @param gpuPowerWattsMax of a sample
 * @param gpuMemoryUsedBytes highest
 * @param gpuMemoryTotalBytes of all GPUs
 * @param energyJoules over the level, by the server's own counter
 * @param joulesPer1000Items all energy of the GPUs in the level, whatever used it, per 1,000 of this client's successful
 *     texts or pairs
 */
public record GpuUse(
        OptionalDouble gpuUtilization,
        OptionalDouble gpuUtilizationMax,
        OptionalDouble gpuPowerWatts,
        OptionalDouble gpuPowerWattsMax,
        OptionalDouble gpuMemoryUsedBytes,
        OptionalDouble gpuMemoryTotalBytes,
        OptionalDouble energyJoules,
        OptionalDouble joulesPer1000Items) {}
