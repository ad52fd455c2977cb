package nimload.exports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a run as AIPerf's result files: {@code mvn compile exec:java@export}. */
@Command(
        name = "export",
        customSynopsis = "mvn compile exec:java@export -Dexec.args=\"RUN [--out=DIR]\"",
        description = {
            "Writes a finished run as AIPerf writes a sweep: one directory per level, with profile_export_aiperf.json and .csv.",
            "Statistics that nimload does not have are absent. import reads the files back."
        },
        footer = "  mvn compile exec:java@export -Dexec.args=\"nim-results/latest\"")
public final class Export implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            converter = CommandLineTool.ExistingPath.class,
            description = "A run's directory, its results.json, or a log that holds a run.")
    private Path run;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the directories of the levels go; default: aiperf next to the run's results.json.")
    private Optional<Path> directory = Optional.empty();

    public static void main(String[] args) {
        CommandLineTool.main(new Export(), args);
    }

    @Override
    public void run() {
        RunResults results = ResultsFile.read(run);
        Path target = directory.orElseGet(() -> ResultsFile.find(run).resolveSibling("aiperf"));
        if (results.levels().isEmpty()) {
            throw new UserError(run + " has no level with results; give a run that measured one");
        }
        write(target, AiperfFiles.of(results));
        spec.commandLine()
                .getOut()
                .println(results.levels().size() + (results.levels().size() == 1 ? " level" : " levels")
                        + " in AIPerf's layout: " + target);
    }

    /** All files or none: they are written next to their place and renamed together. */
    private static void write(Path target, Map<String, String> files) {
        if (Files.exists(target)) {
            throw new UserError(target + " exists already; remove it, or give another directory with --out DIR");
        }
        try {
            Path parent = target.toAbsolutePath().getParent();
            RunDirectory.make(parent);
            Path part = parent.resolve(target.getFileName() + ".part");
            delete(part);
            try {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Path path = part.resolve(file.getKey());
                    RunDirectory.make(path.getParent());
                    Files.writeString(path, file.getValue());
                }
                Files.move(part, target);
            } finally {
                delete(part);
            }
        } catch (IOException e) {
            throw new UserError(target + " cannot be written (" + e + "); give another directory with --out DIR", e);
        }
    }

    /** What a failure left. */
    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
