package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CpuClockTest {
    private static final OperatingSystemMXBean HERE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long nanos = 5_000_000_000L;
    private long processNanos = 700_000_000;
    private double machineLoad;

    /** A machine of four cores. */
    private CpuClock start() {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {OperatingSystemMXBean.class},
                (bean, method, arguments) -> switch (method.getName()) {
                    case "getCpuLoad" -> machineLoad;
                    case "getProcessCpuTime" -> processNanos;
                    case "getAvailableProcessors" -> 4;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return new CpuClock(machine, () -> nanos);
    }

    @Test
    void theProcessesShareIsItsTimeOfAllCoresSinceTheStart() {
        CpuClock clock = start();
        nanos += 2_000_000_000L;
        processNanos += 2_000_000_000L;
        machineLoad = 0.75;
        assertThat(clock.stop()).isEqualTo(new ClientLoad(OptionalDouble.of(0.75), OptionalDouble.of(0.25)));
    }

    /** The two times are not read at the same instant. */
    @Test
    void aShareIsAtMost1() {
        CpuClock clock = start();
        nanos += 1_000_000_000L;
        processNanos += 4_000_000_001L;
        machineLoad = 1;
        assertThat(clock.stop()).isEqualTo(new ClientLoad(OptionalDouble.of(1), OptionalDouble.of(1)));
    }

    @Test
    void anIdleMachineIsBusyFor0AndNotUnknown() {
        processNanos = 0;
        CpuClock clock = start();
        nanos += 1_000_000_000L;
        assertThat(clock.stop()).isEqualTo(new ClientLoad(OptionalDouble.of(0), OptionalDouble.of(0)));
    }

    /** The bean gives −1. */
    @Test
    void whatThePlatformDoesNotTellIsAbsent() {
        processNanos = -1;
        machineLoad = -1;
        CpuClock clock = start();
        nanos += 1_000_000_000L;
        assertThat(clock.stop()).isEqualTo(new ClientLoad(OptionalDouble.empty(), OptionalDouble.empty()));
    }

    /** Readings around the clock's own bound what it may say. */
    @Test
    void thisProcessesOwnWorkIsMeasured() {
        long beforeCpu = HERE.getProcessCpuTime();
        long beforeNanos = System.nanoTime();
        CpuClock clock = CpuClock.start();
        long startedCpu = HERE.getProcessCpuTime();
        long startedNanos = System.nanoTime();
        double sum = 0;
        while (HERE.getProcessCpuTime() - startedCpu < 50_000_000) {
            sum += Math.sin(sum + 1);
        }
        long endedNanos = System.nanoTime();
        long endedCpu = HERE.getProcessCpuTime();
        ClientLoad load = clock.stop();
        double longest = (double) (System.nanoTime() - beforeNanos) * HERE.getAvailableProcessors();
        double shortest = (double) (endedNanos - startedNanos) * HERE.getAvailableProcessors();
        long most = HERE.getProcessCpuTime() - beforeCpu;
        assertThat(load.processCpu().orElseThrow())
                .as("sum %s", sum)
                // A virtual machine may account for more CPU than there was time.
                .isBetween(Math.min(1, (endedCpu - startedCpu) / longest), Math.min(1, most / shortest));
        assertThat(load.machineCpu().orElseThrow()).isBetween(0.0, 1.0);
    }
}
