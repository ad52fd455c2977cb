package nimload.servermetrics;

import java.util.Collections;
import java.util.List;

/**
 * The metrics that nimload looks for, with the names that Triton and sibling NIMs give them. If a page has several
 * names of the same metric, the first in this list counts.
 */
enum Metric {
    REQUESTS_SUCCEEDED(true, "nv_inference_request_success"),
    REQUESTS_FAILED(true, "nv_inference_request_failure"),
    ITEMS(true, "nv_inference_count"),
    BATCHES(true, "nv_inference_exec_count"),
    REQUEST_MICROS(true, "nv_inference_request_duration_us"),
    QUEUE_MICROS(true, "nv_inference_queue_duration_us"),
    COMPUTE_INPUT_MICROS(true, "nv_inference_compute_input_duration_us"),
    COMPUTE_INFER_MICROS(true, "nv_inference_compute_infer_duration_us"),
    COMPUTE_OUTPUT_MICROS(true, "nv_inference_compute_output_duration_us"),
    /** Since the server's start, over all GPUs that it lists. */
    ENERGY_JOULES(true, "nv_energy_consumption", "gpu_total_energy_consumption_joules"),
    PENDING(false, "nv_inference_pending_request_count"),
    GPU_UTILIZATION(false, "nv_gpu_utilization", "gpu_utilization"),
    GPU_POWER_WATTS(false, "nv_gpu_power_usage", "gpu_power_usage_watts"),
    GPU_POWER_LIMIT_WATTS(false, "nv_gpu_power_limit", "gpu_power_limit_watts"),
    GPU_MEMORY_USED_BYTES(false, "nv_gpu_memory_used_bytes", "gpu_memory_used_bytes"),
    GPU_MEMORY_TOTAL_BYTES(false, "nv_gpu_memory_total_bytes", "gpu_memory_total_bytes"),
    /** Of the multiprocessors; only NVIDIA's DCGM exporter gives it, like the two that follow. */
    GPU_CLOCK_MHZ(false, "DCGM_FI_DEV_SM_CLOCK"),
    GPU_CELSIUS(false, "DCGM_FI_DEV_GPU_TEMP"),
    /** A bit per reason. */
    GPU_THROTTLE_REASONS(false, "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "DCGM_FI_DEV_CLOCKS_EVENT_REASONS");

    private final boolean counter;
    private final List<String> names;

    Metric(boolean counter, String... names) {
        this.counter = counter;
        this.names = List.of(names);
    }

    /** Whether it only grows while the server runs. */
    boolean counter() {
        return counter;
    }

    /** Whether each of its lines is of one GPU. */
    boolean ofGpu() {
        return this == ENERGY_JOULES || name().startsWith("GPU_");
    }

    /** The names on a page; OpenMetrics appends {@code _total} to a counter's. */
    List<String> names() {
        return counter
                ? names.stream()
                        .flatMap(name -> List.of(name, name + "_total").stream())
                        .toList()
                : names;
    }

    /**
     * Combines the values of several GPUs or model versions: the mean of utilisations, the slowest clock, the highest
     * temperature, every GPU's reasons, the sum of anything else.
     */
    double join(List<Double> values) {
        return switch (this) {
            case GPU_UTILIZATION -> sum(values) / values.size();
            case GPU_CLOCK_MHZ -> Collections.min(values);
            case GPU_CELSIUS -> Collections.max(values);
            case GPU_THROTTLE_REASONS ->
                values.stream().mapToLong(Double::longValue).reduce(0, (one, other) -> one | other);
            default -> sum(values);
        };
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
