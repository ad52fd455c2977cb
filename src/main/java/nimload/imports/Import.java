package nimload.imports;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.plan.Workload;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Makes a run of this project's format from what genai-perf or AIPerf exported: {@code mvn compile exec:java@import}. A
 * directory is searched for their files; where a JSON and a CSV say the same, the JSON is taken, which says more.
 */
@Command(
        name = "import",
        customSynopsis = "mvn compile exec:java@import -Dexec.args=\"PATH... [OPTIONS]\"",
        description = {
            "Makes a run out of the files that genai-perf or AIPerf exported, for compare and report: one level per file, or per"
                    + " group of files that repeat it.",
            "Options say what the files do not, and override what they say; they hold for all of them."
        },
        footer = "  mvn compile exec:java@import -Dexec.args=\"artifacts --workload passage\"")
public final class Import implements Runnable {
    private static final String GENAI_PERF = "_genai_perf";
    private static final String AIPERF = "_aiperf.json";

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            converter = CommandLineTool.ExistingPath.class,
            description =
                    "profile_export_genai_perf.json or .csv, profile_export_aiperf.json, or a directory to search for them.")
    private List<Path> paths;

    @Option(names = "--workload", paramLabel = "WORKLOAD", description = "query, passage or reranking.")
    private Optional<Workload> workload = Optional.empty();

    @Option(names = "--tokens", paramLabel = "N", description = "Input tokens per text or passage, e.g. 300.")
    private OptionalInt tokens = OptionalInt.empty();

    @Option(names = "--query-tokens", paramLabel = "N", description = "Input tokens of a reranking query, e.g. 512.")
    private OptionalInt queryTokens = OptionalInt.empty();

    @Option(names = "--items", paramLabel = "N", description = "Texts or passages per request, e.g. 64.")
    private OptionalInt items = OptionalInt.empty();

    @Option(names = "--concurrency", paramLabel = "N", description = "Requests in flight, e.g. 5.")
    private OptionalInt concurrency = OptionalInt.empty();

    @Option(names = "--emulated", description = "nimload's embedded NIM answered, not NVIDIA's.")
    private boolean emulated;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "nim-results",
            description = "Where the run gets its directory; default: ${DEFAULT-VALUE}.")
    private Path results;

    Import(Clock clock) {
        this.clock = clock;
    }

    public static void main(String[] args) {
        CommandLineTool.main(new Import(Clock.systemDefaultZone()), args);
    }

    @Override
    public void run() {
        run(
                new ImportOptions(paths, workload, tokens, queryTokens, items, concurrency, emulated, results),
                clock,
                spec.commandLine().getOut());
    }

    /** @throws UserError for what the user has to put right */
    static void run(ImportOptions options, Clock clock, PrintWriter out) {
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
                    .filter(file -> !partOfARun(file))
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

    /** {@code phases/<name>/} below a run, whose own file holds the same requests. */
    private static boolean partOfARun(Path file) {
        Path phases = file.toAbsolutePath().getParent().getParent();
        return phases != null
                && phases.endsWith("phases")
                && Files.exists(phases.resolveSibling(file.getFileName().toString()));
    }

    private static Measured read(Path file) {
        try {
            String text = Files.readString(file).replaceFirst("^\\uFEFF", "");
            return file.getFileName().toString().endsWith(".csv")
                    ? CsvExport.parse(file, text)
                    : JsonExport.parse(file, text);
        } catch (CharacterCodingException e) {
            throw new UserError(file + " is not UTF-8; give a file as the tool wrote it", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserError unreadable(Path path, IOException cause) {
        return new UserError(path + " cannot be read (" + cause + "); give a readable file or directory", cause);
    }
}
