package nimload.imports;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Where AIPerf writes the runs of a level that it repeats: {@code profile_runs/run_0001}, {@code
 * profile_runs/trial_0001/concurrency_10}, {@code concurrency_10/profile_runs/trial_0001}, or {@code search_iter_0001/…} of a
 * search.
 */
final class Repeats {
    private static final Pattern NUMBERED = Pattern.compile("(?:run|trial|search_iter)_\\d+");

    private Repeats() {}

    /** Whether the paths of two files of the same level differ only in the number of the run. */
    static boolean ofOneLevel(Path one, Path other) {
        return !one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
                && withoutNumber(one).equals(withoutNumber(other));
    }

    private static List<String> withoutNumber(Path file) {
        return StreamSupport.stream(file.toAbsolutePath().normalize().spliterator(), false)
                .map(Path::toString)
                .filter(name -> !NUMBERED.matcher(name).matches())
                .toList();
    }
}
