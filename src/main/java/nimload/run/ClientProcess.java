package nimload.run;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.results.SoakSlice.ClientState;

/** What this process holds. */
final class ClientProcess {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d{1,15}) kB");

    private ClientProcess() {}

    /** @param diskBytes that the run's files take */
    static ClientState now(OptionalLong diskBytes) {
        return new ClientState(
                heapAfterCollection(ManagementFactory.getMemoryPoolMXBeans()),
                resident(STATUS),
                openFiles(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                diskBytes);
    }

    /** Of the pools that are collected; empty before the first collection. */
    private static OptionalLong heapAfterCollection(List<MemoryPoolMXBean> pools) {
        long sum = pools.stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
        return sum == 0 ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    /** Empty where the operating system has no such file. */
    static OptionalLong resident(Path status) {
        try {
            Matcher line = RESIDENT.matcher(Files.readString(status, StandardCharsets.ISO_8859_1));
            return line.find() ? OptionalLong.of(1024 * Long.parseLong(line.group(1))) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(unix.getOpenFileDescriptorCount())
                : OptionalLong.empty();
    }
}
