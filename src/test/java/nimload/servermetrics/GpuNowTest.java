package nimload.servermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GpuNowTest {
    private static GpuNow of(String page) {
        return GpuNow.of(Reading.of(0, PrometheusText.parse(page)), "m");
    }

    @Test
    void twoGpusOfDcgmAreTheirSlowestClockHottestTemperatureAndAllReasons() {
        GpuNow gpu = of("""
                DCGM_FI_DEV_SM_CLOCK{gpu="0"} 1980
                DCGM_FI_DEV_SM_CLOCK{gpu="1"} 1410
                DCGM_FI_DEV_GPU_TEMP{gpu="0"} 61
                DCGM_FI_DEV_GPU_TEMP{gpu="1"} 84
                DCGM_FI_DEV_CLOCK_THROTTLE_REASONS{gpu="0"} 1
                DCGM_FI_DEV_CLOCK_THROTTLE_REASONS{gpu="1"} 68
                """);

        assertThat(gpu.clockMhz()).hasValue(1410);
        assertThat(gpu.celsius()).hasValue(84);
        assertThat(gpu.throttled()).contains(List.of("power cap", "temperature, by the hardware"));
    }

    @Test
    void idleGpuIsNotThrottled() {
        assertThat(of("DCGM_FI_DEV_CLOCKS_EVENT_REASONS{gpu=\"0\"} 1\n").throttled())
                .contains(List.of());
    }

    @Test
    void whatThePageDoesNotSayIsAbsent() {
        GpuNow gpu = of("nv_gpu_utilization{gpu_uuid=\"GPU-1\"} 0.5\n");

        assertThat(gpu.utilization()).hasValue(0.5);
        assertThat(gpu)
                .isEqualTo(new GpuNow(
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty()));
    }
}
