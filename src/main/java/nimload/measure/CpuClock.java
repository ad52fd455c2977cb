package nimload.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;

/** Reads how busy this machine is between its start and its end, from the JVM's management bean. */
public final class CpuClock {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = system.getProcessCpuTime();

    private CpuClock() {
        // The bean reports the load since it was last asked.
        system.getCpuLoad();
    }

    public static CpuClock start() {
        return new CpuClock();
    }

    public ClientLoad stop() {
        double machine = system.getCpuLoad();
        long cpuNanos = system.getProcessCpuTime() - startCpuNanos;
        double wallNanos = (double) (System.nanoTime() - startNanos) * system.getAvailableProcessors();
        return new ClientLoad(
                machine >= 0 ? OptionalDouble.of(machine) : OptionalDouble.empty(),
                startCpuNanos >= 0 ? OptionalDouble.of(Math.min(1, cpuNanos / wallNanos)) : OptionalDouble.empty());
    }
}
