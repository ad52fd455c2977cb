package nimload.servermetrics;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * A server's GPUs at the time of one reading; empty where its pages do not say it.
 *
 * @param utilization mean, 0 to 1
 * @param powerWatts of all
 * @param memoryUsedBytes of all
 * @param clockMhz of the multiprocessors, of the slowest
 * @param celsius of the hottest
 * @param throttled what slows them down, a phrase each
 */
public record GpuNow(
        OptionalDouble utilization,
        OptionalDouble powerWatts,
        OptionalDouble memoryUsedBytes,
        OptionalDouble clockMhz,
        OptionalDouble celsius,
        Optional<List<String>> throttled) {
    /**
     * As NVML defines {@code nvmlClocksEventReasons}, without those of an idle GPU and of clocks that somebody set.
     */
    private static final Map<Integer, String> REASONS = new TreeMap<>(Map.of(
            0x4, "power cap",
            0x8, "hardware slowdown",
            0x10, "slower GPU of its group",
            0x20, "temperature, by the driver",
            0x40, "temperature, by the hardware",
            0x80, "power brake"));

    /** @param model as requests name it; lines of other models are left out where its own are there */
    public static GpuNow of(Reading reading, String model) {
        Set<String> models = Set.of(model);
        OptionalDouble full = reading.fullUtilization();
        OptionalDouble used = reading.of(Metric.GPU_UTILIZATION, models);
        OptionalDouble bits = reading.of(Metric.GPU_THROTTLE_REASONS, models);
        return new GpuNow(
                used.isPresent() && full.isPresent()
                        ? OptionalDouble.of(used.getAsDouble() / full.getAsDouble())
                        : OptionalDouble.empty(),
                reading.of(Metric.GPU_POWER_WATTS, models),
                reading.of(Metric.GPU_MEMORY_USED_BYTES, models),
                reading.of(Metric.GPU_CLOCK_MHZ, models),
                reading.of(Metric.GPU_CELSIUS, models),
                bits.isPresent() ? Optional.of(reasons((long) bits.getAsDouble())) : Optional.empty());
    }

    private static List<String> reasons(long bits) {
        return REASONS.entrySet().stream()
                .filter(reason -> (bits & reason.getKey()) != 0)
                .map(Map.Entry::getValue)
                .toList();
    }
}
