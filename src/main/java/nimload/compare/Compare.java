package nimload.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.compare.RunsFound.Found;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Compares two finished runs, or shows the history of several: {@code mvn compile exec:java@compare}. */
@Command(
        name = "compare",
        customSynopsis =
                "mvn compile exec:java@compare -Dexec.args=\"BASELINE RUN... [--allow-different] [--out=DIR]\"",
        description = {
            "Compares finished runs with a baseline: a table on the console, compare.html and comparison.json.",
            "More than two runs, or a directory of runs, give a history in the order of time: tables and history.html.",
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
            description = "The run to compare with, or a directory of runs.")
    private Path baseline;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "RUN",
            description = "The run to compare with it, or more runs and directories of runs.")
    private List<String> others = List.of();

    @Option(
            names = "--allow-different",
            description = "Compare even runs that are not alike, e.g. one of the embedded NIM and one of a real NIM."
                    + " Without it, unlike runs of a directory are shown in groups.")
    private boolean allowDifferent;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where compare.html and comparison.json, or history.html, go; default: next to the last run's results,"
                            + " or into the directory of runs.")
    private Optional<Path> directory = Optional.empty();

    public static void main(String[] args) {
        CommandLineTool.main(new Compare(), args);
    }

    @Override
    public void run() {
        List<Path> paths = Stream.concat(Stream.of(baseline), others.stream().map(this::existing))
                .toList();
        if (paths.size() > 2 || paths.stream().anyMatch(RunsFound::isDirectoryOfRuns)) {
            history(paths);
        } else if (paths.size() == 2) {
            compare(paths);
        } else {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'RUN'");
        }
    }

    /** Not a converter: where an argument may be absent, picocli takes one that cannot be converted for a stray word. */
    private Path existing(String text) {
        try {
            return new CommandLineTool.ExistingPath().convert(text);
        } catch (TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), "RUN " + text + ": " + e.getMessage());
        }
    }

    private void compare(List<Path> paths) {
        List<RunResults> runs = paths.stream().map(ResultsFile::read).toList();
        if (!allowDifferent) {
            Likeness.require(runs);
        }
        Comparison comparison = Comparison.of(runs);
        PrintWriter out = spec.commandLine().getOut();
        out.println(ComparisonTable.of(comparison));
        Path into = made(directory.orElseGet(() -> beside(paths.get(paths.size() - 1))));
        write(into, () -> ComparisonFiles.write(comparison, runs, paths, into));
        out.println("compared: " + into.resolve(ComparisonFiles.PAGE));
    }

    /** Runs that were named must be alike; those that lie in a directory are kept apart. */
    private void history(List<Path> paths) {
        RunsFound found = RunsFound.in(paths);
        List<List<Found>> groups = allowDifferent ? List.of(found.runs()) : Likeness.groups(found.runs());
        if (groups.size() > 1 && paths.stream().noneMatch(RunsFound::isDirectoryOfRuns)) {
            Likeness.require(found.runs().stream().map(Found::run).toList());
        }
        Path into = made(directory.orElseGet(() -> {
            Path last = paths.get(paths.size() - 1);
            return RunsFound.isDirectoryOfRuns(last) ? last : beside(last);
        }));
        HistoryFiles history = HistoryFiles.of(groups, found.skipped(), into);
        PrintWriter out = spec.commandLine().getOut();
        out.println(history.text());
        write(into, () -> history.write(into));
        out.println("history: " + into.resolve(HistoryFiles.PAGE));
    }

    private interface Writing {
        void write() throws IOException;
    }

    private static Path made(Path directory) {
        write(directory, () -> RunDirectory.make(directory));
        return directory;
    }

    private static void write(Path directory, Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            throw new UserError(directory + " cannot be written to (" + e + "); give another with --out DIR", e);
        }
    }

    private static Path beside(Path run) {
        return Optional.ofNullable(ResultsFile.find(run).getParent()).orElse(Path.of(""));
    }
}
