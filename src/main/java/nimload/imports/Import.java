package nimload.imports;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;

/**
 * Makes a run of this project's format from what genai-perf or AIPerf exported: {@code mvn exec:java@import
 * -Dexec.args="artifacts --workload passage"}. A directory is searched for their files; where a JSON and a CSV say the same,
 * the JSON is taken, which says more.
 */
public final class Import {
    private static final String GENAI_PERF = "_genai_perf";
    private static final String AIPERF = "_aiperf.json";

    private Import() {}

    public static void main(String[] args) {
        try {
            run(ImportOptions.parse(List.of(args)), Clock.systemDefaultZone(), System.out);
        } catch (UserError e) {
            System.err.println("✗ " + e.getMessage());
            System.exit(1);
        }
    }

    /** @throws UserError for what the user has to put right */
    static void run(ImportOptions options, Clock clock, PrintStream out) {
        List<Measured> files = options.paths().stream()
                .flatMap(path -> files(path).stream())
                .map(Import::read)
                .toList();
        // Before the directory is made, so that a refused import leaves none behind.
        ImportedRun.of(files, options, "", clock.instant());
        RunDirectory directory = RunDirectory.create(options.results(), LocalDateTime.now(clock));
        RunResults run = ImportedRun.of(files, options, directory.id(), clock.instant());
        try {
            directory.write(ResultsFile.NAME, ResultsFile.json(run));
        } catch (IOException e) {
            throw new UserError(directory.path() + " cannot be written to (" + e + "); give another with --out", e);
        }
        run.levels()
                .forEach(level -> out.println(
                        "  " + level.name() + ": " + level.requests().count() + " requests"));
        out.println(run.levels().size() + (run.levels().size() == 1 ? " level" : " levels") + " of "
                + run.info().tool() + ": " + directory.file(ResultsFile.NAME));
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        // A level's directory may be a link, and so may the one above.
        try (Stream<Path> tree = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = once(tree.filter(Files::isRegularFile)
                    .filter(Import::exported)
                    .sorted()
                    .toList());
            if (files.isEmpty()) {
                throw new UserError(path + " holds no profile_export_genai_perf.json or .csv and no"
                        + " profile_export_aiperf.json; give the tool's artifacts directory");
            }
            return files;
        } catch (UncheckedIOException e) {
            throw unreadable(path, e.getCause());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** Drops duplicates that links such as {@code latest} lead to. */
    private static List<Path> once(List<Path> files) throws IOException {
        Map<Path, Path> once = new LinkedHashMap<>();
        for (Path file : files) {
            once.putIfAbsent(file.toRealPath(), file);
        }
        return List.copyOf(once.values());
    }

    private static boolean exported(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(GENAI_PERF + ".json")
                || name.endsWith(AIPERF)
                || name.endsWith(GENAI_PERF + ".csv")
                        && !Files.exists(file.resolveSibling(name.replaceFirst("csv$", "json")));
    }

    private static Measured read(Path file) {
        try {
            String text = Files.readString(file);
            return file.getFileName().toString().endsWith(".csv")
                    ? CsvExport.parse(file, text)
                    : JsonExport.parse(file, text);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserError unreadable(Path path, IOException cause) {
        return new UserError(path + " cannot be read (" + cause + "); give a readable file or directory", cause);
    }
}
