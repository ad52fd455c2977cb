package nimload.emulator;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What the embedded NIM counted for one model, and its Prometheus page with Triton's names. It has no GPU, so the page
 * omits power, energy and memory. Confined to the event loop.
 */
final class NimMetrics {
    /** Like Triton, which updates GPU utilisation at intervals. */
    private static final long UTILIZATION_NANOS = 500_000_000;

    private final String model;
    private final Accelerator accelerator;
    private final LongSupplier nanoTime;
    private long succeeded;
    private long failed;
    private long rejected;
    private long items;
    private double batches;
    private long requestNanos;
    private long queueNanos;
    private long computeNanos;
    private double busyNanos;

    private long utilizationSinceNanos;
    private double busyNanosBefore;
    private double utilization;

    NimMetrics(String model, Accelerator accelerator, LongSupplier nanoTime) {
        this.model = model;
        this.accelerator = accelerator;
        this.nanoTime = nanoTime;
        this.utilizationSinceNanos = nanoTime.getAsLong();
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

    /** By a full queue. */
    void rejected() {
        failed++;
        rejected++;
    }

    /** Busy share of the modelled GPU since the last update; updated at most every half second. */
    private double utilization() {
        long now = nanoTime.getAsLong();
        if (now - utilizationSinceNanos >= UTILIZATION_NANOS) {
            utilization = Math.min(1, (busyNanos - busyNanosBefore) / (now - utilizationSinceNanos));
            utilizationSinceNanos = now;
            busyNanosBefore = busyNanos;
        }
        return utilization;
    }

    /**
     * The page of several models, in Prometheus text format.
     *
     * @param address host and port of the server
     * @param startSeconds of the server, since 1970
     */
    static String page(List<NimMetrics> models, String address, double startSeconds) {
        StringBuilder page = new StringBuilder();
        page.append("# HELP process_start_time_seconds Start of this server since 1970\n")
                .append("# TYPE process_start_time_seconds gauge\n")
                .append(String.format(
                        Locale.ROOT, "process_start_time_seconds{instance=\"%s\"} %.3f\n", address, startSeconds));
        counter(page, models, "nv_inference_request_success", "Requests answered", m -> m.succeeded);
        counter(page, models, "nv_inference_request_failure", "Requests refused", m -> m.failed);
        counter(
                page,
                models,
                "nimload_queue_rejected",
                "Requests refused by a full queue, of the failed ones",
                m -> m.rejected);
        counter(page, models, "nv_inference_count", "Texts or pairs computed", m -> m.items);
        counter(page, models, "nv_inference_exec_count", "Batches computed", m -> Math.round(m.batches));
        counter(
                page,
                models,
                "nv_inference_request_duration_us",
                "Time from a request to its answer",
                m -> m.requestNanos / 1000);
        counter(page, models, "nv_inference_queue_duration_us", "Time in the queue", m -> m.queueNanos / 1000);
        counter(
                page,
                models,
                "nv_inference_compute_infer_duration_us",
                "Time of the requests' batches",
                m -> m.computeNanos / 1000);
        gauge(
                page,
                models,
                "nv_inference_pending_request_count",
                "Requests queued or in computation",
                m -> m.accelerator.pending());
        gauge(
                page,
                models,
                "nv_gpu_utilization",
                "Busy share of the modelled GPU since the last update",
                NimMetrics::utilization);
        return page.toString();
    }

    private static void counter(
            StringBuilder page, List<NimMetrics> models, String name, String help, ToLongFunction<NimMetrics> value) {
        family(page, models, name, help, "counter", m -> Long.toString(value.applyAsLong(m)));
    }

    private static void gauge(
            StringBuilder page, List<NimMetrics> models, String name, String help, ToDoubleFunction<NimMetrics> value) {
        family(page, models, name, help, "gauge", m -> String.format(Locale.ROOT, "%.4f", value.applyAsDouble(m)));
    }

    /** Prometheus wants all lines of a name together, under one description. */
    private static void family(
            StringBuilder page,
            List<NimMetrics> models,
            String name,
            String help,
            String type,
            Function<NimMetrics, String> value) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        for (NimMetrics metrics : models) {
            page.append(name)
                    .append("{model=\"")
                    .append(metrics.model)
                    .append("\"} ")
                    .append(value.apply(metrics))
                    .append('\n');
        }
    }
}
