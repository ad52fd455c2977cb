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
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;
import nimload.report.ConsoleTable;
import nimload.report.ResultsCsv;
import nimload.report.RunDirectory;
import nimload.report.RunDocument;
import nimload.report.RunInfo;
import nimload.results.ResultsFile;
import nimload.results.ResultsLog;
import nimload.results.RunResults;

/**
 * Takes the results of the levels as they end: a line on the console each, and the results' files written anew, so that
 * whatever happens to the run, its finished levels are on disk. Where there is no disk, they are lines of the log.
 */
final class RunReport {
    private final RunInfo run;
    private final Optional<RunDirectory> directory;
    private final PrintStream out;
    private final Map<LoadPoint, List<LoadPointResult>> runs = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** @param directory empty where there is no disk to write to, as on Gatling Enterprise */
    RunReport(RunInfo run, Optional<RunDirectory> directory, PrintStream out) {
        this.run = run;
        this.directory = directory;
        this.out = out;
    }

    /** Before the first level. */
    synchronized void begun() {
        if (directory.isEmpty()) {
            out.println(ResultsLog.line(document()));
        }
    }

    synchronized void levelClosed(LoadPointResult result) {
        runs.computeIfAbsent(result.point(), point -> new ArrayList<>()).add(result);
        out.println(line(result));
        directory.ifPresentOrElse(this::write, () -> log(result.point()));
    }

    private void write(RunDirectory files) {
        try {
            files.write("results.csv", ResultsCsv.of(results()));
            files.write(ResultsFile.NAME, ResultsFile.write(document()));
            files.markLatest();
        } catch (IOException e) {
            problems.add("the results cannot be written: " + e);
            out.println("✗ the results cannot be written: " + e + "; free space or give -Dnim.results=…");
        }
    }

    private void log(LoadPoint point) {
        document().levels().stream()
                .filter(level -> level.name().equals(point.requestName()))
                .forEach(level -> out.println(ResultsLog.line(level)));
    }

    private RunResults document() {
        return RunDocument.of(run, results());
    }

    /** A level each, its repeats together, in the order in which they first ended. */
    synchronized List<LoadPointResult> results() {
        return runs.values().stream().map(LoadPointResult::together).toList();
    }

    /** Failures that are no request's. */
    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /** The table, then what it was made with, the levels that failed, and where the files are. */
    synchronized String summary() {
        List<LoadPointResult> results = results();
        StringBuilder summary = new StringBuilder("\n");
        summary.append(ConsoleTable.of(results)).append('\n');
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
        directory.ifPresentOrElse(
                files -> summary.append("results: ")
                        .append(files.file("results.csv"))
                        .append("\n         ")
                        .append(files.file(ResultsFile.NAME))
                        .append('\n'),
                () -> summary.append(ResultsLog.line(document())).append('\n'));
        return summary.toString();
    }

    /** The first error's text, which is often the explanation. */
    private static String first(LoadPointResult result) {
        return result.samples().firstErrors().values().stream()
                .findFirst()
                .map(detail -> " (first: " + detail + ")")
                .orElse("");
    }

    private static String line(LoadPointResult result) {
        LevelSamples samples = result.samples();
        List<String> reasons = result.reasonsAgainst();
        return "  " + millis("p50", samples.percentileMillis(50)) + millis("p99", samples.percentileMillis(99))
                + rate(samples.requestsPerSecond(), "req/s")
                + rate(result.itemsPerSecond(), result.point().workload().items() + "/s")
                + (reasons.isEmpty() ? "valid" : String.join("; ", reasons));
    }

    private static String millis(String name, OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%s %.3f ms   ", name, value.getAsDouble()) : "";
    }

    private static String rate(OptionalDouble value, String unit) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.1f %s   ", value.getAsDouble(), unit) : "";
    }
}
