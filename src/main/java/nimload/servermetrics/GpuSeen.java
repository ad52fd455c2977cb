package nimload.servermetrics;

import java.util.List;
import java.util.OptionalDouble;
import nimload.results.GpuUse;

/**
 * What {@link GpuUse} is made of, so that several runs of a level can be put together, and what bears witness to it.
 *
 * @param count GPUs on the page, at least
 * @param powerLimitWatts of all GPUs together
 * @param energySteps how often the counter was seen to move
 */
record GpuSeen(
        int count,
        Mean utilization,
        OptionalDouble utilizationMax,
        Mean powerWatts,
        OptionalDouble powerWattsMax,
        OptionalDouble powerLimitWatts,
        OptionalDouble memoryUsedBytes,
        OptionalDouble memoryTotalBytes,
        OptionalDouble energyJoules,
        long energySteps) {
    static final GpuSeen NOTHING = new GpuSeen(
            1,
            Mean.NONE,
            OptionalDouble.empty(),
            Mean.NONE,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            0);

    GpuSeen withoutUtilization() {
        return new GpuSeen(
                count,
                Mean.NONE,
                OptionalDouble.empty(),
                powerWatts,
                powerWattsMax,
                powerLimitWatts,
                memoryUsedBytes,
                memoryTotalBytes,
                energyJoules,
                energySteps);
    }

    GpuSeen withoutPower() {
        return new GpuSeen(
                count,
                utilization,
                utilizationMax,
                Mean.NONE,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                memoryUsedBytes,
                memoryTotalBytes,
                energyJoules,
                energySteps);
    }

    GpuSeen withoutMemory() {
        return new GpuSeen(
                count,
                utilization,
                utilizationMax,
                powerWatts,
                powerWattsMax,
                powerLimitWatts,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                energyJoules,
                energySteps);
    }

    GpuSeen withoutEnergy() {
        return new GpuSeen(
                count,
                utilization,
                utilizationMax,
                powerWatts,
                powerWattsMax,
                powerLimitWatts,
                memoryUsedBytes,
                memoryTotalBytes,
                OptionalDouble.empty(),
                0);
    }

    /** @param all whether every run of the level was looked at: a sum of some would be too low */
    static GpuSeen together(List<GpuSeen> runs, boolean all) {
        return new GpuSeen(
                runs.stream().mapToInt(GpuSeen::count).max().orElse(1),
                Mean.of(runs, GpuSeen::utilization),
                Rounded.max(runs, GpuSeen::utilizationMax),
                Mean.of(runs, GpuSeen::powerWatts),
                Rounded.max(runs, GpuSeen::powerWattsMax),
                Rounded.max(runs, GpuSeen::powerLimitWatts),
                Rounded.max(runs, GpuSeen::memoryUsedBytes),
                Rounded.max(runs, GpuSeen::memoryTotalBytes),
                all && runs.stream().allMatch(run -> run.energyJoules.isPresent())
                        ? OptionalDouble.of(runs.stream()
                                .mapToDouble(run -> run.energyJoules.getAsDouble())
                                .sum())
                        : OptionalDouble.empty(),
                runs.stream().mapToLong(GpuSeen::energySteps).sum());
    }

    /** @param items successful texts or pairs of this client */
    GpuUse use(long items) {
        return new GpuUse(
                Rounded.to(3, utilization.value()),
                Rounded.to(3, utilizationMax),
                Rounded.to(1, powerWatts.value()),
                Rounded.to(1, powerWattsMax),
                Rounded.to(0, memoryUsedBytes),
                Rounded.to(0, memoryTotalBytes),
                Rounded.to(1, energyJoules),
                energyJoules.isPresent() && items > 0
                        ? Rounded.to(2, OptionalDouble.of(energyJoules.getAsDouble() / items * 1000))
                        : OptionalDouble.empty());
    }
}
