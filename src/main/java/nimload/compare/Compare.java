package nimload.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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

/** Compares finished runs with the first of them: {@code mvn compile exec:java@compare}. */
@Command(
        name = "compare",
        customSynopsis =
                "mvn compile exec:java@compare -Dexec.args=\"BASELINE RUN... [--allow-different] [--out=DIR]\"",
        description = {
            "Compares finished runs with a baseline: tables on the console, compare.html and comparison.json.",
            "A slower run is a finding, not a failure: the exit code is 0. A run is given by its directory, its results.json or a"
                    + " log that holds it."
        },
        footer = "  mvn compile exec:java@compare -Dexec.args=\"nim-results/20261122-150000 nim-results/latest\"")
public final class Compare implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "BASELINE",
            converter = CommandLineTool.ExistingPath.class,
            description = "The run to compare with.")
    private Path baseline;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "RUN",
            converter = CommandLineTool.ExistingPath.class,
            description = "One or more runs to compare with it.")
    private List<Path> others;

    @Option(
            names = "--allow-different",
            description = "Compare even runs that are not alike, e.g. one of the embedded NIM and one of a real NIM.")
    private boolean allowDifferent;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where compare.html and comparison.json go; default: next to the last run's results.")
    private Optional<Path> directory = Optional.empty();

    public static void main(String[] args) {
        CommandLineTool.main(new Compare(), args);
    }

    @Override
    public void run() {
        List<Path> paths = Stream.concat(Stream.of(baseline), others.stream()).toList();
        List<RunResults> runs = paths.stream().map(ResultsFile::read).toList();
        if (!allowDifferent) {
            Likeness.require(runs);
        }
        Comparison comparison = Comparison.of(runs);
        PrintWriter out = spec.commandLine().getOut();
        out.println(ComparisonTable.of(comparison));
        out.println("compared: "
                + write(comparison, runs, paths, directory.orElseGet(() -> beside(paths.get(paths.size() - 1)))));
    }

    private static Path write(Comparison comparison, List<RunResults> runs, List<Path> paths, Path directory) {
        try {
            RunDirectory.make(directory);
            ComparisonFiles.write(comparison, runs, paths, directory);
            return directory.resolve(ComparisonFiles.PAGE);
        } catch (IOException e) {
            throw new UserError(directory + " cannot be written to (" + e + "); give another with --out DIR", e);
        }
    }

    private static Path beside(Path run) {
        return Optional.ofNullable(ResultsFile.find(run).getParent()).orElse(Path.of(""));
    }
}
