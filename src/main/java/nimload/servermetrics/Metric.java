package nimload.servermetrics;

import java.util.List;

/**
 * What nimload looks for on a page, by the names that are known for it: Triton's, and those of sibling NIMs. Of several
 * names that a page has for the same thing the first is taken.
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
    /** Since the server's start, of all GPUs that it lists. */
    ENERGY_JOULES(true, "nv_energy_consumption", "gpu_total_energy_consumption_joules"),
    PENDING(false, "nv_inference_pending_request_count"),
    GPU_UTILIZATION(false, "nv_gpu_utilization", "gpu_utilization"),
    GPU_POWER_WATTS(false, "nv_gpu_power_usage", "gpu_power_usage_watts"),
    GPU_MEMORY_USED_BYTES(false, "nv_gpu_memory_used_bytes", "gpu_memory_used_bytes"),
    GPU_MEMORY_TOTAL_BYTES(false, "nv_gpu_memory_total_bytes", "gpu_memory_total_bytes");

    private final boolean counter;
    private final List<String> names;

    Metric(boolean counter, String... names) {
        this.counter = counter;
        this.names = List.of(names);
    }

    /** Whether it only ever grows while the server runs. */
    boolean counter() {
        return counter;
    }

    /** As they stand on a page; OpenMetrics ends a counter's with {@code _total}. */
    List<String> names() {
        return counter
                ? names.stream()
                        .flatMap(name -> List.of(name, name + "_total").stream())
                        .toList()
                : names;
    }

    /** One number of several GPUs or versions of a model: their mean, or all together. */
    double join(List<Double> values) {
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        return this == GPU_UTILIZATION ? sum / values.size() : sum;
    }
}
