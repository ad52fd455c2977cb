package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NimMetricsTest {
    private static final class Waiting implements Accelerator {
        private int pending;

        @Override
        public void submit(int items, long tokens, long arrivedNanos, Answer answer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int pending() {
            return pending;
        }

        @Override
        public int waiting() {
            return 0;
        }
    }

    private final Waiting accelerator = new Waiting();
    private long nanos = 7_000_000_000L;
    private final NimMetrics metrics = new NimMetrics("m", accelerator, () -> nanos);

    private String value(String name) {
        return NimMetrics.page(List.of(metrics), "nim:8000", 1.5)
                .lines()
                .filter(line -> line.startsWith(name + "{model=\"m\"} "))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countersSumUpRequestsAndABatchCountsOnceForAllThatShareIt() {
        metrics.succeeded(64, 9_000_000, 2_000_000, 5_000_000, 2);
        metrics.succeeded(10, 8_000_000, 1_000_999, 5_000_000, 2);
        metrics.succeeded(1, 4_000_000, 0, 3_000_000, 1);
        metrics.failed();
        metrics.failed();
        assertThat(value("nv_inference_request_success")).isEqualTo("3");
        assertThat(value("nv_inference_request_failure")).isEqualTo("2");
        assertThat(value("nv_inference_count")).isEqualTo("75");
        assertThat(value("nv_inference_exec_count")).isEqualTo("2");
        assertThat(value("nv_inference_request_duration_us")).isEqualTo("21000");
        assertThat(value("nv_inference_queue_duration_us")).isEqualTo("3000");
        assertThat(value("nv_inference_compute_infer_duration_us")).isEqualTo("13000");
    }

    @Test
    void aRequestThatAFullQueueRejectsIsAFailedOne() {
        metrics.failed();
        metrics.rejected();
        assertThat(value("nv_inference_request_failure")).isEqualTo("2");
        assertThat(value("nimload_queue_rejected")).isEqualTo("1");
    }

    @Test
    void pendingIsTheAcceleratorsNow() {
        accelerator.pending = 3;
        assertThat(value("nv_inference_pending_request_count")).isEqualTo("3.0000");
        accelerator.pending = 0;
        assertThat(value("nv_inference_pending_request_count")).isEqualTo("0.0000");
    }

    @Test
    void utilisationIsTheBusyShareOfTheTimeSinceTheLastUpdate() {
        // A batch of 300 ms that two requests shared, in 600 ms.
        metrics.succeeded(1, 0, 0, 300_000_000, 2);
        metrics.succeeded(1, 0, 0, 300_000_000, 2);
        nanos += 600_000_000;
        assertThat(value("nv_gpu_utilization")).isEqualTo("0.5000");
        metrics.succeeded(1, 0, 0, 100_000_000, 1);
        nanos += 499_999_999;
        assertThat(value("nv_gpu_utilization")).as("too early for an update").isEqualTo("0.5000");
        nanos += 1;
        assertThat(value("nv_gpu_utilization")).isEqualTo("0.2000");
        nanos += 500_000_000;
        assertThat(value("nv_gpu_utilization")).isEqualTo("0.0000");
    }

    /** A batch counts when it ends, so half a second may hold more than half a second of work. */
    @Test
    void utilisationIsAtMost1() {
        metrics.succeeded(1, 0, 0, 900_000_000, 1);
        nanos += 500_000_000;
        assertThat(value("nv_gpu_utilization")).isEqualTo("1.0000");
    }
}
