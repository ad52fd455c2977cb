package nimload.merge;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.exports.RunFiles;
import nimload.exports.RunVerdict;
import nimload.page.ReportPage;
import nimload.plan.Settings;
import nimload.results.ConsoleTable;
import nimload.results.LevelResults;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;
import nimload.results.SloSummary;
import nimload.slo.Slo;
import nimload.slo.SloEvaluation;
import nimload.slo.SloFile;
import nimload.slo.SloText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes one run of what several generators measured together: {@code mvn compile exec:java@merge}. */
@Command(
        name = "merge",
        customSynopsis = "mvn compile exec:java@merge -Dexec.args=\"PART... [--out DIR] [--slo FILE]\"",
        description = {
            "Makes one run, with its page, of the runs of several generators that ran the same levels together (nim.generator).",
            "What a lost generator left is merged too; the levels that it lacks are marked."
        },
        footer = "  mvn compile exec:java@merge -Dexec.args=\"generator1/latest generator2/latest --out nim-results\"")
public final class Merge implements Callable<Integer> {
    private static final int BROKEN = 1;

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "PART",
            converter = CommandLineTool.ExistingPath.class,
            description = "One generator's run: its directory, its results.json, or a log that holds it.")
    private List<Path> parts;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the merged run makes its directory; default: nim-results.")
    private Path out = Settings.DEFAULT_RESULTS;

    @Option(
            names = "--slo",
            paramLabel = "FILE",
            converter = CommandLineTool.ExistingPath.class,
            description =
                    "YAML file of limits to hold the merged run against; default: none. The exit code is 1 if they are not met.")
    private Optional<Path> slo = Optional.empty();

    Merge(Clock clock) {
        this.clock = clock;
    }

    public static void main(String[] args) {
        CommandLineTool.main(new Merge(Clock.systemDefaultZone()), args);
    }

    @Override
    public Integer call() {
        List<RunResults> runs = parts.stream().map(ResultsFile::read).toList();
        // Before a directory is made for them.
        Optional<Slo> limits = slo.map(Optional::of).map(SloFile::read);
        MergedRun.of("", runs);
        RunDirectory directory = RunDirectory.create(out, LocalDateTime.now(clock));
        RunResults merged = MergedRun.of(directory.id(), runs);
        RunResults run =
                limits.map(some -> SloEvaluation.evaluate(merged, some)).orElse(merged);
        write(directory, run);
        PrintWriter console = spec.commandLine().getOut();
        console.println(ConsoleTable.of(run.levels()));
        run.info().notes().forEach(console::println);
        run.levels()
                .forEach(level -> level.slo().stream()
                        .flatMap(check -> SloText.broken(check).stream())
                        .forEach(broken -> console.println("✗ " + level.name() + ": " + broken)));
        SloText.summary(run).forEach(console::println);
        Optional<SloSummary> missed = run.slo().filter(summary -> !summary.met());
        long quotable = run.levels().stream().filter(LevelResults::valid).count();
        console.println("merged: " + quotable + " of " + run.info().levelsPlanned() + " levels may be quoted · "
                + missed.map(summary -> "FAILED: " + summary.source() + " not met · ")
                        .orElse("")
                + directory.file(ReportPage.NAME));
        return missed.isPresent() ? BROKEN : 0;
    }

    private static void write(RunDirectory directory, RunResults run) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("results.csv", ResultsCsv.of(run.levels()));
        files.put(ResultsFile.NAME, ResultsFile.json(run));
        files.putAll(RunFiles.of(run, RunVerdict.NONE, false));
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                directory.write(file.getKey(), file.getValue());
            }
            directory.markLatest();
        } catch (IOException e) {
            throw new UserError(
                    directory.path() + " cannot be written (" + e + "); free space or give another --out DIR", e);
        }
    }
}
