package nimload.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.results.ResultsFile;
import nimload.results.RunResults;

/**
 * Runs for a history.
 *
 * @param runs in the order of their starts
 * @param skipped directories that hold no run of use, each with the reason
 */
record RunsFound(List<Found> runs, List<String> skipped) {

    /** @param path its directory, its results.json or a log */
    record Found(Path path, RunResults run) {}

    /** Whether a path is no run, but a directory that may hold runs, like {@code nim.results}. */
    static boolean isDirectoryOfRuns(Path path) {
        return Files.isDirectory(path)
                && !Files.exists(path.resolve(ResultsFile.NAME))
                && !directories(path).isEmpty();
    }

    /**
     * Reads each path as a run, and of a directory of runs each that is complete.
     *
     * @throws UserError for a path that is no run, and if none of the directories holds one
     */
    static RunsFound in(List<Path> paths) {
        List<Found> runs = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (Path path : paths) {
            if (isDirectoryOfRuns(path)) {
                directories(path).forEach(directory -> read(directory, runs, skipped));
            } else {
                runs.add(new Found(path, ResultsFile.read(path)));
            }
        }
        if (runs.isEmpty()) {
            throw new UserError(paths.get(0) + " holds no complete run (" + String.join("; ", skipped)
                    + "); give a directory with runs, e.g. nim-results");
        }
        return new RunsFound(
                runs.stream()
                        .sorted(Comparator.comparing(found -> found.run().info().started()))
                        .toList(),
                List.copyOf(skipped));
    }

    private static void read(Path directory, List<Found> runs, List<String> skipped) {
        String name = directory.getFileName().toString();
        if (!Files.exists(directory.resolve(ResultsFile.NAME))) {
            skipped.add(name + " has no " + ResultsFile.NAME);
            return;
        }
        try {
            RunResults run = ResultsFile.read(directory);
            run.gap()
                    .ifPresentOrElse(
                            gap -> skipped.add(name + " is not complete: " + gap),
                            () -> runs.add(new Found(directory, run)));
        } catch (UserError e) {
            skipped.add(name + " cannot be read: " + e.getMessage().replaceFirst(";[^;]*$", ""));
        }
    }

    /** By name, each once: {@code latest} is a link to one of them. */
    private static List<Path> directories(Path path) {
        try (Stream<Path> files = Files.list(path)) {
            Set<Path> directories = new LinkedHashSet<>();
            for (Path directory : files.filter(Files::isDirectory).sorted().toList()) {
                directories.add(directory.toRealPath());
            }
            return List.copyOf(directories);
        } catch (IOException e) {
            throw new UserError(path + " cannot be read (" + e + "); give a directory that can", e);
        }
    }
}
