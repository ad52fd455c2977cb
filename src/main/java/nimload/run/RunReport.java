package nimload.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import nimload.exports.RunFiles;
import nimload.exports.RunVerdict;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.page.ReportPage;
import nimload.plan.LoadPoint;
import nimload.results.Capacity;
import nimload.results.ConsoleTable;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Pipeline;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.ResultsLog;
import nimload.results.RunDirectory;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.Soak;
import nimload.results.SoakSlice;
import nimload.slo.Limit;
import nimload.slo.Slo;
import nimload.slo.SloEvaluation;
import nimload.slo.SloText;

/**
 * Takes the results of the levels as they end: a line on the console each, and the results' files written anew, so that
 * whatever happens to the run, its finished levels are on disk. Where there is no disk, they are lines of the log.
 */
final class RunReport {
    private final Slo slo;
    private final Optional<RunDirectory> directory;
    private final PrintStream out;
    private final Map<LoadPoint, List<LoadPointResult>> runs = new LinkedHashMap<>();
    private final Map<LoadPoint, LevelResults> levels = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    /** By what is sent; of a search that goes on, what is known so far. */
    private final Map<LoadPoint, Capacity> capacities = new LinkedHashMap<>();

    private RunInfo run;
    private int searchesLeft;
    private Optional<Pipeline> pipeline = Optional.empty();
    private volatile Optional<Soak> soak = Optional.empty();
    private Optional<Path> page = Optional.empty();
    private volatile int levelsWritten;

    /**
     * @param slo without limits if there is none
     * @param directory empty where there is no disk to write to, as on Gatling Enterprise
     */
    RunReport(RunInfo run, Slo slo, Optional<RunDirectory> directory, PrintStream out) {
        this.run = run;
        this.slo = slo;
        this.directory = directory;
        this.out = out;
    }

    /** Before the first level. */
    synchronized void begun() {
        if (directory.isEmpty()) {
            out.println(ResultsLog.line(document()));
        }
    }

    /**
     * @param point the level
     * @param result of it, or of this generator's part
     * @param whole makes of results of the part those of the level
     */
    synchronized void levelClosed(
            LoadPoint point, LoadPointResult result, UnaryOperator<LevelResults> whole, RequestLog log) {
        List<LoadPointResult> repeats = runs.computeIfAbsent(point, first -> new ArrayList<>());
        repeats.add(result);
        levels.put(point, whole.apply(LoadPointResult.together(repeats).results()));
        if (searchesLeft > 0) {
            plannedAsFar();
        }
        RunResults document = document();
        LevelResults level = document.levels().stream()
                .filter(one -> one.point().equals(point))
                .findFirst()
                .orElseThrow();
        // What is shown is on disk first.
        directory.ifPresentOrElse(
                files -> {
                    if (soak.isEmpty()) {
                        writeRequests(files, point, repeats.size(), log);
                    }
                    write(files, document);
                },
                () -> out.println(ResultsLog.line(level)));
        out.println(line(result.results()));
        level.validity().remarks().forEach(remark -> out.println("  note: " + remark));
        if (repeats.size() == run.repeats()) {
            SloText.line(level).ifPresent(line -> out.println("  " + line));
        }
    }

    /** A level is tried again, and what was measured the first time does not count. */
    synchronized void dropped(LoadPoint point) {
        runs.remove(point);
        levels.remove(point);
    }

    /** As many searches follow, of which nobody knows how many levels they take. */
    synchronized void searches(int count) {
        searchesLeft = count;
        plannedAsFar();
    }

    /** A search goes on, and this is known so far. */
    synchronized void searching(Capacity soFar) {
        capacities.put(soFar.point(), soFar);
        writeOrLog();
    }

    /** A search has ended. */
    synchronized void found(Capacity capacity) {
        capacities.put(capacity.point(), capacity);
        searchesLeft--;
        plannedAsFar();
        writeOrLog();
        out.println(capacity.point().shape().description() + ": " + capacity.sentence());
    }

    /** As many levels follow. */
    synchronized void planned(int levels) {
        run = run.withLevelsPlanned(levels);
    }

    /** A level of searches has ended. */
    synchronized void searched(Pipeline soFar) {
        pipeline = Optional.of(soFar);
        writeOrLog();
    }

    private void writeOrLog() {
        RunResults document = document();
        directory.ifPresentOrElse(files -> write(files, document), () -> out.println(ResultsLog.line(document)));
    }

    /** Its levels measure so long. */
    synchronized void measures(double seconds) {
        run = run.measuring(seconds);
    }

    /** Its levels measure as long as each needs. */
    synchronized void measuresAsLongAsNeeded() {
        run = run.measuringAsLongAsNeeded();
    }

    /** A run goes on that began earlier. */
    synchronized void continues(Instant began, String note) {
        run = run.continued(began, note);
    }

    /**
     * The soak as far as it got is kept.
     *
     * @param slice to be a line of the log where there is no disk; empty if none has ended since: then the run's line says that
     *     it is a soak
     */
    synchronized void soaked(Soak soFar, Optional<SoakSlice> slice) {
        soak = Optional.of(soFar);
        directory.ifPresentOrElse(
                files -> write(files, document()),
                () -> out.println(slice.map(ResultsLog::line).orElseGet(() -> ResultsLog.line(document()))));
    }

    /** Bytes that the run's files take; empty without a disk. */
    OptionalLong diskBytes() {
        return directory.map(RunDirectory::bytes).orElse(OptionalLong.empty());
    }

    /** The levels that a run of searches has, and one more as long as one goes on. */
    private void plannedAsFar() {
        run = run.withLevelsPlanned(levels.size() + (searchesLeft > 0 ? 1 : 0));
    }

    synchronized List<Capacity> capacities() {
        return List.copyOf(capacities.values());
    }

    private void writeRequests(RunDirectory files, LoadPoint point, int repeat, RequestLog log) {
        try {
            boolean first = !Files.exists(files.file(RequestsFile.NAME));
            files.append(RequestsFile.NAME, RequestsFile.member(point, repeat, first, log));
        } catch (IOException e) {
            problems.add(RequestsFile.NAME + " cannot be written: " + e);
        }
    }

    private void write(RunDirectory files, RunResults document) {
        try {
            files.write("results.csv", ResultsCsv.of(document.levels()));
            files.write(ResultsFile.NAME, ResultsFile.json(document));
            files.markLatest();
            levelsWritten = runs.values().stream()
                    .mapToInt(repeats -> Math.min(run.repeats(), repeats.size()))
                    .sum();
        } catch (IOException e) {
            problems.add("the results cannot be written: " + e);
            out.println("✗ the results cannot be written: " + e + "; free space or give -Dnim.results=…");
        }
    }

    /** A level each, its repeats together, in the order in which they first ended. */
    synchronized List<LoadPointResult> results() {
        return runs.values().stream().map(LoadPointResult::together).toList();
    }

    /** Compares what there is with another run. */
    synchronized Baseline.Outcome compareWith(Baseline baseline) {
        return baseline.compare(document(), directory);
    }

    /** The run so far as results.json holds it. */
    private RunResults document() {
        return SloEvaluation.evaluate(
                RunResults.of(run, List.copyOf(levels.values()))
                        .withCapacity(List.copyOf(capacities.values()))
                        .withPipeline(pipeline)
                        .withSoak(soak),
                slo);
    }

    /** Failures that are neither a request's nor a limit's, a line each. */
    synchronized List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        int planned = run.levelsPlanned() * run.repeats();
        int finished = runs.values().stream().mapToInt(List::size).sum();
        if (finished < planned) {
            all.add(finished + " of " + planned + " levels finished");
        }
        return all;
    }

    /** Each limit of each of these levels, by names that are known before the run. */
    synchronized List<Requirement> limits(List<LoadPoint> points) {
        Map<LoadPoint, LevelResults> finished =
                document().levels().stream().collect(Collectors.toMap(LevelResults::point, level -> level));
        List<Requirement> all = new ArrayList<>();
        for (LoadPoint point : points) {
            for (Limit limit : slo.limits(point)) {
                List<String> problems = Optional.ofNullable(finished.get(point))
                        .map(level ->
                                SloText.broken(limit.check(level)).stream().toList())
                        .orElse(List.of("SLO not met: the level did not end"));
                all.add(new Requirement(
                        "SLO " + point.name() + ": " + limit.text(),
                        problems.stream()
                                .map(problem -> point.name() + " " + problem)
                                .toList()));
            }
        }
        return all;
    }

    /**
     * Writes the files of the whole run, once all levels are in: the page takes half a second the first time, which between the
     * levels would be taken from the next. Of a run that did not get so far they are made with {@code exec:java@report}.
     *
     * @return by name; empty without a disk, or a level
     */
    synchronized Map<String, String> writeFiles(RunVerdict verdict) {
        if (directory.isEmpty() || levels.isEmpty()) {
            return Map.of();
        }
        // The simulation has linked Gatling's report there; Gatling writes its pages after this.
        boolean gatlingReport = Files.exists(directory.get().file("gatling"));
        Map<String, String> files = RunFiles.of(document(), verdict, gatlingReport);
        files.forEach((name, content) -> write(directory.get(), name, content));
        return files;
    }

    private void write(RunDirectory files, String name, String content) {
        try {
            files.write(name, content);
            if (name.equals(ReportPage.NAME)) {
                page = Optional.of(files.file(name));
            }
        } catch (IOException e) {
            problems.add(name + " cannot be written: " + e);
        }
    }

    /** Of a run that is cut short: what was kept, and how to see it. Not synchronized: a level may be closing. */
    Optional<String> interruption() {
        Optional<Soak> soFar = soak;
        return directory.map(RunDirectory::path).map(path -> {
            String quoted = path.toString().contains(" ") ? "'" + path + "'" : path.toString();
            if (soFar.isPresent()) {
                return String.format(
                        Locale.ROOT,
                        "interrupted: %d of %d slices are kept in %s; go on with -Dnim.soak.continue=%s",
                        soFar.get().slices().size(),
                        soFar.get().slicesPlanned(),
                        path,
                        quoted);
            }
            return levelsWritten == 0
                    ? "interrupted before its first level ended: nothing was measured"
                    : String.format(
                            Locale.ROOT,
                            "interrupted: %d of %d levels are kept in %s; make their page with: mvn compile"
                                    + " exec:java@report -Dexec.args=\"%s\"",
                            levelsWritten,
                            run.levelsPlanned() * run.repeats(),
                            path,
                            quoted);
        });
    }

    /** The table, then what it was made with, the levels that failed, and where the files are. */
    synchronized String summary() {
        List<LoadPointResult> results = results();
        StringBuilder summary = new StringBuilder("\n");
        summary.append(ConsoleTable.of(List.copyOf(levels.values()))).append('\n');
        run.notes().forEach(note -> summary.append(note).append('\n'));
        // Under too much load requests fail; that is what a search is to find out.
        results.stream()
                .filter(result -> capacities.isEmpty() && !result.failures().isEmpty())
                .forEach(result -> summary.append("✗ " + result.point().description() + ": "
                        + String.join("; ", result.failures()) + first(result) + "\n"));
        problems().forEach(problem -> summary.append("✗ " + problem + "\n"));
        limits(List.copyOf(levels.keySet())).stream()
                .flatMap(limit -> limit.problems().stream())
                .forEach(broken -> summary.append("✗ " + broken + "\n"));
        capacities
                .values()
                .forEach(capacity ->
                        summary.append(capacity.point().shape().description() + ": " + capacity.sentence() + "\n"));
        pipeline.ifPresent(searches -> summary.append(searches.sentence()).append('\n'));
        soak.flatMap(Soak::verdict).ifPresent(verdict -> summary.append(verdict).append('\n'));
        SloText.summary(document()).forEach(line -> summary.append(line).append('\n'));
        directory.ifPresentOrElse(
                files -> summary.append("results: ")
                        .append(files.file("results.csv"))
                        .append("\n         ")
                        .append(files.file(ResultsFile.NAME))
                        .append(soak.isPresent() ? "" : "\n         " + files.file(RequestsFile.NAME))
                        .append('\n'),
                () -> summary.append(ResultsLog.line(document())).append('\n'));
        page.ifPresent(file -> summary.append("report:  ").append(file).append('\n'));
        return summary.toString();
    }

    /** The first error's text, which is often the explanation. */
    private static String first(LoadPointResult result) {
        return result.samples().failures().firstErrors().values().stream()
                .findFirst()
                .map(detail -> " (first: " + detail + ")")
                .orElse("");
    }

    /**
     * The last line of the run: {@code nimload: 23 of 23 levels may be quoted · nim-results/20261126-150000/report.html}.
     *
     * @param problems that fail the run
     */
    synchronized String conclusion(List<String> problems) {
        if (!capacities.isEmpty()) {
            return ended(
                    "nimload: "
                            + capacities.values().stream()
                                    .map(Capacity::sentence)
                                    .collect(Collectors.joining(" · ")),
                    problems);
        }
        if (pipeline.isPresent()) {
            return ended("nimload: " + pipeline.get().sentence(), problems);
        }
        Optional<String> soaked = soak.flatMap(Soak::verdict);
        if (soaked.isPresent()) {
            return ended("nimload: " + soaked.get(), problems);
        }
        long quotable = levels.values().stream().filter(LevelResults::valid).count();
        return ended(
                "nimload: " + quotable + " of " + run.levelsPlanned()
                        + (run.levelsPlanned() == 1 ? " level" : " levels") + " may be quoted",
                problems);
    }

    private String ended(String found, List<String> problems) {
        StringBuilder line = new StringBuilder(found);
        if (!problems.isEmpty()) {
            line.append(" · FAILED: ").append(problems.get(0));
            line.append(problems.size() > 1 ? "; " + (problems.size() - 1) + " more above" : "");
        }
        directory.ifPresent(files -> line.append(" · ").append(page.orElse(files.path())));
        return line.toString();
    }

    private static String line(LevelResults level) {
        String response = level.throughput().arrivals().isPresent() ? "response " : "";
        return "  " + (level.point().alone() ? "" : level.workload().key() + ": ")
                + millis(response + "p50", level, Percentile.P50)
                + millis("p99", level, Percentile.P99)
                + rate(level.throughput().requestsPerSecond(), "req/s")
                + rate(level.throughput().itemsPerSecond(), level.workload().items() + "/s")
                + (level.valid() ? "valid" : String.join("; ", level.validity().reasons()));
    }

    private static String millis(String name, LevelResults level, Percentile percentile) {
        return level.response()
                .estimate(percentile)
                .map(estimate -> String.format(
                        Locale.ROOT, "%s %s%.3f ms   ", name, estimate.bounded() ? "" : "≥ ", estimate.value()))
                .orElse("");
    }

    private static String rate(OptionalDouble value, String unit) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.1f %s   ", value.getAsDouble(), unit) : "";
    }
}
