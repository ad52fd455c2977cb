package nimload.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long threads of this process were ready to run and got no core: {@code /proc/self/task/*}{@code /schedstat}, which Linux
 * keeps per thread (Documentation/scheduler/sched-stats.rst).
 */
final class RunQueueWait {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** Characters that Linux keeps of a thread's name. */
    private static final int NAME_LENGTH = 15;

    private final Path tasks;
    private final Set<String> names;

    RunQueueWait(Path tasks, Collection<String> threads) {
        this.tasks = tasks;
        this.names = threads.stream()
                .map(name -> name.substring(0, Math.min(NAME_LENGTH, name.length())))
                .collect(Collectors.toSet());
    }

    /** @param threads their names in Java; others that begin with the same 15 characters count too */
    static RunQueueWait of(Collection<String> threads) {
        return new RunQueueWait(TASKS, threads);
    }

    /** Of all of them since each began, in ns; empty where the system does not tell. */
    OptionalLong nanos() {
        long sum = 0;
        boolean any = false;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                Optional<Long> waited = waited(task);
                any |= waited.isPresent();
                sum += waited.orElse(0L);
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return any ? OptionalLong.of(sum) : OptionalLong.empty();
    }

    private Optional<Long> waited(Path task) {
        try {
            if (!names.contains(Files.readString(task.resolve("comm")).strip())) {
                return Optional.empty();
            }
            String[] fields =
                    Files.readString(task.resolve("schedstat")).strip().split(" ");
            return Optional.of(Long.parseLong(fields[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // The thread has ended, or this kernel does not count.
            return Optional.empty();
        }
    }
}
