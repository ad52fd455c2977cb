package nimload.emulator;

import java.util.Locale;

/** What the embedded NIM counted for one model, and its page for Prometheus in Triton's names. Lives on the event loop. */
final class NimMetrics {
    private final String model;
    private final Accelerator accelerator;
    private final long startedNanos = System.nanoTime();
    private long succeeded;
    private long failed;
    private long items;
    private double batches;
    private long requestNanos;
    private long queueNanos;
    private long computeNanos;
    private double busyNanos;

    NimMetrics(String model, Accelerator accelerator) {
        this.model = model;
        this.accelerator = accelerator;
    }

    void succeeded(int itemCount, long request, long queue, long compute, int requestsInBatch) {
        succeeded++;
        items += itemCount;
        batches += 1.0 / requestsInBatch;
        requestNanos += request;
        queueNanos += queue;
        computeNanos += compute;
        busyNanos += (double) compute / requestsInBatch;
    }

    void failed() {
        failed++;
    }

    /** In the text format of Prometheus. */
    String page() {
        StringBuilder page = new StringBuilder();
        counter(page, "nv_inference_request_success", "Requests answered", succeeded);
        counter(page, "nv_inference_request_failure", "Requests refused", failed);
        counter(page, "nv_inference_count", "Texts or pairs computed", items);
        counter(page, "nv_inference_exec_count", "Batches computed", Math.round(batches));
        counter(page, "nv_inference_request_duration_us", "Time from a request to its answer", requestNanos / 1000);
        counter(page, "nv_inference_queue_duration_us", "Time in the queue", queueNanos / 1000);
        counter(page, "nv_inference_compute_infer_duration_us", "Time of the requests' batches", computeNanos / 1000);
        gauge(page, "nv_inference_pending_request_count", "Requests in the queue or computed", accelerator.pending());
        gauge(
                page,
                "nv_gpu_utilization",
                "Share of the time since the start in which the modelled GPU was busy",
                Math.min(1, busyNanos / Math.max(1, System.nanoTime() - startedNanos)));
        return page.toString();
    }

    private void counter(StringBuilder page, String name, String help, long value) {
        line(page, name, help, "counter", Long.toString(value));
    }

    private void gauge(StringBuilder page, String name, String help, double value) {
        line(page, name, help, "gauge", String.format(Locale.ROOT, "%.4f", value));
    }

    private void line(StringBuilder page, String name, String help, String type, String value) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        page.append(name)
                .append("{model=\"")
                .append(model)
                .append("\"} ")
                .append(value)
                .append('\n');
    }
}
