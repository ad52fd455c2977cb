package nimload.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/** Measures how busy this machine is between {@link #start()} and {@link #stop()}, from the JVM's management bean. */
public final class CpuClock {
    private final OperatingSystemMXBean system;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final long startCpuNanos;

    CpuClock(OperatingSystemMXBean system, LongSupplier nanoTime) {
        this.system = system;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.startCpuNanos = system.getProcessCpuTime();
        // The bean reports the load since its last call.
        system.getCpuLoad();
    }

    public static CpuClock start() {
        return new CpuClock((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean(), System::nanoTime);
    }

    public ClientLoad stop() {
        double machine = system.getCpuLoad();
        long cpuNanos = system.getProcessCpuTime() - startCpuNanos;
        double wallNanos = (double) (nanoTime.getAsLong() - startNanos) * system.getAvailableProcessors();
        return new ClientLoad(
                machine >= 0 ? OptionalDouble.of(machine) : OptionalDouble.empty(),
                startCpuNanos >= 0 ? OptionalDouble.of(Math.min(1, cpuNanos / wallNanos)) : OptionalDouble.empty());
    }
}
