package nimload.servermetrics;

import java.util.List;
import java.util.stream.IntStream;
import nimload.results.Ledger;

/** Pages as servers write them, for tests. */
final class Pages {
    private Pages() {}

    /** Of a client whose latencies nobody knows. */
    static ClientCount client(long sent, long right, int items, int concurrency) {
        return new ClientCount(new Ledger(sent, 0, right, sent - right, 0), items, concurrency, 0, 0);
    }

    static Reading reading(double seconds, String... lines) {
        return Reading.of(seconds, PrometheusText.parse(String.join("\n", lines)));
    }

    /** Triton's counters of a model after requests of 64 texts each: 4 per batch, 2 ms queue, 1+7+2 ms compute. */
    static String model(String name, int requests) {
        String labels = "{model=\"" + name + "\",version=\"1\"} ";
        return String.join(
                "\n",
                "nv_inference_request_success" + labels + requests,
                "nv_inference_request_failure" + labels + "0",
                "nv_inference_count" + labels + requests * 64L,
                "nv_inference_exec_count" + labels + requests / 4,
                "nv_inference_request_duration_us" + labels + requests * 13_000L,
                "nv_inference_queue_duration_us" + labels + requests * 2_000L,
                "nv_inference_compute_input_duration_us" + labels + requests * 1_000L,
                "nv_inference_compute_infer_duration_us" + labels + requests * 7_000L,
                "nv_inference_compute_output_duration_us" + labels + requests * 2_000L);
    }

    /** Triton's lines for each GPU: {utilisation, watts, bytes used, joules}. */
    static String gpus(double[]... gpus) {
        List<String> names = List.of(
                "nv_gpu_utilization", "nv_gpu_power_usage", "nv_gpu_memory_used_bytes", "nv_energy_consumption");
        return IntStream.range(0, gpus.length)
                .mapToObj(gpu -> IntStream.range(0, names.size())
                                .mapToObj(i -> names.get(i) + "{gpu_uuid=\"GPU-" + gpu + "\"} " + gpus[gpu][i])
                                .reduce("", (page, line) -> page + line + "\n")
                        + "nv_gpu_memory_total_bytes{gpu_uuid=\"GPU-" + gpu + "\"} 150e9\n")
                .reduce("", String::concat);
    }
}
