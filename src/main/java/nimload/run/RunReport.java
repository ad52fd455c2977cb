package nimload.run;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;
import nimload.report.ConsoleTable;
import nimload.report.ResultsCsv;
import nimload.report.RunDirectory;
import nimload.report.RunDocument;
import nimload.report.RunInfo;
import nimload.results.LevelResults;
import nimload.results.ResultsFile;
import nimload.results.RunResults;

/**
 * Takes the results of the levels as they end: a line on the console each, and the results' files written anew, so that
 * whatever happens to the run, its finished levels are on disk.
 */
final class RunReport {
    private final RunInfo run;
    private final Optional<RunDirectory> directory;
    private final PrintStream out;
    private final Map<LoadPoint, List<LoadPointResult>> runs = new LinkedHashMap<>();
    private final Map<LoadPoint, LevelResults> levels = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** @param directory empty where there is no disk to write to, as on Gatling Enterprise */
    RunReport(RunInfo run, Optional<RunDirectory> directory, PrintStream out) {
        this.run = run;
        this.directory = directory;
        this.out = out;
    }

    synchronized void levelClosed(LoadPointResult result) {
        List<LoadPointResult> repeats = runs.computeIfAbsent(result.point(), point -> new ArrayList<>());
        repeats.add(result);
        levels.put(result.point(), RunDocument.level(LoadPointResult.together(repeats)));
        out.println(line(RunDocument.level(result)));
        directory.ifPresent(files -> {
            try {
                files.write("results.csv", ResultsCsv.of(levels()));
                files.write(ResultsFile.NAME, ResultsFile.write(document()));
                files.markLatest();
            } catch (IOException e) {
                problems.add("the results cannot be written: " + e);
                out.println("✗ the results cannot be written: " + e + "; free space or give -Dnim.results=…");
            }
        });
    }

    /** A level each, its repeats together, in the order in which they first ended. */
    synchronized List<LoadPointResult> results() {
        return runs.values().stream().map(LoadPointResult::together).toList();
    }

    /** The run as results.json has it. */
    synchronized RunResults document() {
        return RunDocument.of(run, levels());
    }

    /** Compares what there is with another run. */
    synchronized Baseline.Outcome compareWith(Baseline baseline) {
        return baseline.compare(document(), directory);
    }

    private List<LevelResults> levels() {
        return List.copyOf(levels.values());
    }

    /** Failures that are no request's. */
    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /** The table, then what it was made with, the levels that failed, and where the files are. */
    synchronized String summary() {
        List<LoadPointResult> results = results();
        StringBuilder summary = new StringBuilder("\n");
        summary.append(ConsoleTable.of(levels())).append('\n');
        run.notes().forEach(note -> summary.append(note).append('\n'));
        int planned = run.levelsPlanned() * run.repeats();
        int finished = results.stream().mapToInt(result -> result.runs().size()).sum();
        if (finished < planned) {
            summary.append(String.format(Locale.ROOT, "%d of %d levels finished%n", finished, planned));
        }
        results.stream()
                .filter(result -> !result.failures().isEmpty())
                .forEach(result -> summary.append("✗ " + result.point().description() + ": "
                        + String.join("; ", result.failures()) + first(result) + "\n"));
        problems.forEach(problem -> summary.append("✗ " + problem + "\n"));
        directory.ifPresent(files -> summary.append("results: ")
                .append(files.file("results.csv"))
                .append("\n         ")
                .append(files.file(ResultsFile.NAME))
                .append('\n'));
        return summary.toString();
    }

    /** The first error's text, which is often the explanation. */
    private static String first(LoadPointResult result) {
        return result.samples().firstErrors().values().stream()
                .findFirst()
                .map(detail -> " (first: " + detail + ")")
                .orElse("");
    }

    private static String line(LevelResults level) {
        return "  " + millis("p50", level.latencyMs().p50())
                + millis("p99", level.latencyMs().p99())
                + rate(level.requestsPerSecond(), "req/s")
                + rate(level.itemsPerSecond(), level.items() + "/s")
                + (level.valid() ? "valid" : String.join("; ", level.reasons()));
    }

    private static String millis(String name, OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%s %.3f ms   ", name, value.getAsDouble()) : "";
    }

    private static String rate(OptionalDouble value, String unit) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.1f %s   ", value.getAsDouble(), unit) : "";
    }
}
