package nimload.run;

import static nimload.measure.RecordedLevel.PASSAGE;
import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import nimload.exports.RunVerdict;
import nimload.measure.ErrorKind;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import nimload.measure.RequestLog;
import nimload.nim.Json;
import nimload.plan.LoadPoint;
import nimload.results.Capacity;
import nimload.results.LevelResults;
import nimload.results.MadeSoak;
import nimload.results.Percentile;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.ResultsLog;
import nimload.results.RunDirectory;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.Soak;
import nimload.slo.LevelSelector;
import nimload.slo.Limit;
import nimload.slo.Slo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    private static final Slo NO_SLO = new Slo("none", List.of());

    @TempDir
    private Path results;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);

    private static RunInfo run(String id) {
        return new RunInfo(
                "nimload",
                id,
                Instant.EPOCH,
                2,
                false,
                Map.of(),
                OptionalDouble.of(5),
                OptionalDouble.of(1),
                1,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of("A note."));
    }

    private RunDirectory directory() {
        return RunDirectory.create(results, LocalDateTime.of(2026, 11, 22, 15, 0));
    }

    private static LoadPointResult clean(LoadPoint point) {
        return RecordedLevel.clean(point).result(point);
    }

    private static void close(RunReport report, LoadPointResult result) {
        report.levelClosed(result.point(), result, UnaryOperator.identity(), new RequestLog());
    }

    @Test
    void aLevelIsOnDiskAsSoonAsItEndsAndLatestPointsThere() throws IOException {
        RunDirectory directory = directory();
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        close(report, clean(QUERY));
        Path latest = results.resolve("latest");
        assertThat(latest.resolve("results.csv"))
                .hasContent(ResultsCsv.of(List.of(clean(QUERY).results())));
        assertThat(Json.MAPPER
                        .readTree(latest.resolve("results.json").toFile())
                        .path("complete")
                        .booleanValue())
                .isFalse();
        close(report, clean(PASSAGE));
        assertThat(latest.resolve("results.csv"))
                .hasContent(ResultsCsv.of(
                        List.of(clean(QUERY).results(), clean(PASSAGE).results())));
        assertThat(Json.MAPPER
                        .readTree(latest.resolve("results.json").toFile())
                        .path("complete")
                        .booleanValue())
                .isTrue();
        assertThat(report.problems()).isEmpty();
        assertThat(report.summary())
                .contains("A note.\n")
                .contains(directory.file("results.csv").toString())
                .contains(directory.file("results.json").toString())
                .doesNotContain("levels finished");
    }

    @Test
    void aLevelThatEndsIsALineOnTheConsole() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.of(directory()), console);
        report.begun();
        close(report, clean(QUERY));
        close(report, new RecordedLevel().result(PASSAGE));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "  p50 50.000 ms   p99 ≥ 99.000 ms   19.8 req/s   19.8 texts/s   valid",
                        "  no request was answered");
    }

    @Test
    void withoutADiskTheRunIsInTheLogAsSoonAsEachLevelEnds() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.empty(), console);
        report.begun();
        close(report, clean(QUERY));
        RunResults soFar = ResultsLog.parse(out.toString(StandardCharsets.UTF_8));
        assertThat(soFar.info().id()).isEqualTo("x");
        assertThat(soFar.levels()).extracting(LevelResults::name).containsExactly(QUERY.name());
        assertThat(soFar.complete()).isFalse();
        close(report, clean(PASSAGE));
        close(report, clean(PASSAGE));
        console.print(report.summary());
        RunResults all = ResultsLog.parse(out.toString(StandardCharsets.UTF_8));
        assertThat(all.levels())
                .extracting(level -> level.requests().count())
                .as("of the passages, both repeats together")
                .containsExactly(100L, 200L);
    }

    @Test
    void aLevelThatFailedIsInTheSummaryWithItsFirstError() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.empty(), console);
        close(
                report,
                RecordedLevel.clean(QUERY)
                        .failures(2, 1000, ErrorKind.http(503), "HTTP 503: queue full")
                        .result(QUERY));
        assertThat(report.summary())
                .contains("✗ 1 of 2 levels finished\n")
                .contains("✗ query, 20 tokens, 1 text, concurrency 1: 2 of 102 requests failed: http 503 ×2"
                        + " (first: HTTP 503: queue full)\n");
    }

    @Test
    void resultsThatCannotBeWrittenAreAProblemOfTheRun() throws IOException {
        RunDirectory directory = directory();
        Files.createDirectory(directory.file("results.csv.part"));
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        close(report, clean(QUERY));
        assertThat(report.problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("the results cannot be written: "),
                        problem -> assertThat(problem).isEqualTo("1 of 2 levels finished"));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("free space or give -Dnim.results=…");
        assertThat(report.summary()).contains("✗ the results cannot be written: ");
        assertThat(report.results()).hasSize(1);
    }

    @Test
    void theRunsPageIsWrittenAtItsEndAndNamed() throws IOException {
        RunDirectory directory = directory();
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        report.writeFiles(RunVerdict.NONE);
        assertThat(directory.file("report.html")).doesNotExist();
        close(report, clean(QUERY));
        assertThat(directory.file("report.html")).doesNotExist();
        report.writeFiles(RunVerdict.NONE);
        assertThat(directory.file("report.html")).content().contains("Not complete: 1 of 2 levels");
        assertThat(report.summary()).contains("report:  " + directory.file("report.html") + "\n");
    }

    @Test
    void aPageThatCannotBeWrittenIsAProblemOfTheRun() throws IOException {
        RunDirectory directory = directory();
        Files.createDirectory(directory.file("report.html.part"));
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        close(report, clean(QUERY));
        close(report, clean(PASSAGE));
        report.writeFiles(RunVerdict.NONE);
        assertThat(report.problems()).singleElement().asString().startsWith("report.html cannot be written: ");
        assertThat(report.summary()).doesNotContain("report:  ");
    }

    @Test
    void theLastLineSaysHowManyLevelsMayBeQuotedWhatFailedAndWhereThePageIs() {
        RunDirectory directory = directory();
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        assertThat(report.conclusion(List.of("0 of 2 levels finished")))
                .isEqualTo(
                        "nimload: 0 of 2 levels may be quoted · FAILED: 0 of 2 levels finished · " + directory.path());
        close(report, clean(QUERY));
        close(report, new RecordedLevel().result(PASSAGE));
        report.writeFiles(RunVerdict.NONE);
        String page = " · " + directory.file("report.html");
        assertThat(report.conclusion(List.of())).isEqualTo("nimload: 1 of 2 levels may be quoted" + page);
        assertThat(report.conclusion(List.of("one", "two", "three")))
                .isEqualTo("nimload: 1 of 2 levels may be quoted · FAILED: one; 2 more above" + page);
    }

    @Test
    void withoutADiskTheLastLineNamesNoFile() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.empty(), console);
        assertThat(report.conclusion(List.of())).isEqualTo("nimload: 0 of 2 levels may be quoted");
        assertThat(report.interruption()).isEmpty();
    }

    @Test
    void anInterruptedRunNamesTheCommandThatMakesItsPage() {
        RunDirectory directory =
                RunDirectory.create(results.resolve("my results"), LocalDateTime.of(2026, 11, 22, 15, 0));
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        assertThat(report.interruption()).contains("interrupted before its first level ended: nothing was measured");
        close(report, clean(QUERY));
        assertThat(report.interruption())
                .contains("interrupted: 1 of 2 levels are kept in " + directory.path()
                        + "; make their page with: mvn compile exec:java@report -Dexec.args=\"'" + directory.path()
                        + "'\"");
    }

    private static Capacity found(LoadPoint point, String sentence) {
        return new Capacity(
                point,
                "rate",
                List.of("p95 <= 20 ms"),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                sentence,
                List.of(),
                0,
                List.of());
    }

    @Test
    void aSearchThatIsCutShortKeepsWhatItKnowsAndItsStepsAreCounted() {
        RunDirectory directory = directory();
        RunReport report = new RunReport(run(directory.id()), NO_SLO, Optional.of(directory), console);
        report.searches(2);
        close(report, clean(QUERY));
        report.searching(found(QUERY, "so far"));
        report.found(found(QUERY, "known"));
        close(report, clean(PASSAGE));
        report.searching(found(PASSAGE, "so far"));
        assertThat(report.interruption().orElseThrow()).startsWith("interrupted: 2 of 3 levels are kept in ");
        RunResults kept = ResultsFile.read(directory.path());
        assertThat(kept.capacity()).extracting(Capacity::sentence).containsExactly("known", "so far");
        assertThat(kept.complete()).isFalse();
    }

    @Test
    void ofALevelThatIsTriedAgainOnlyTheLastTryCounts() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.of(directory()), console);
        close(report, new RecordedLevel().result(QUERY));
        report.dropped(QUERY);
        close(report, clean(QUERY));
        assertThat(report.results())
                .singleElement()
                .satisfies(level -> assertThat(level.requests()).isEqualTo(100));
    }

    @Test
    void whatFailedUnderTooMuchLoadIsNoFailureOfASearch() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.of(directory()), console);
        close(
                report,
                new RecordedLevel().failures(2, 1000, ErrorKind.http(503), "no").result(QUERY));
        assertThat(report.summary()).contains("✗ query, 20 tokens");
        report.found(found(QUERY, "known"));
        assertThat(report.summary()).doesNotContain("✗ query, 20 tokens");
    }

    @Test
    void withoutADiskAKilledSoakIsInTheLogWithItsSlices() {
        RunReport report = new RunReport(run("x"), NO_SLO, Optional.empty(), console);
        report.begun();
        Soak soak = new MadeSoak().slice(7).of(3);
        report.soaked(soak.goingOn(), Optional.empty());
        report.soaked(soak, Optional.of(soak.slices().get(0)));
        assertThat(ResultsLog.parse(out.toString(StandardCharsets.UTF_8)).soak())
                .contains(soak);
    }

    @Test
    void everyLimitIsARequirementThatIsKnownBeforeTheRunAndNotMetByALevelThatDidNotEnd() {
        LevelSelector all = new LevelSelector(Set.of(), List.of(), List.of(), List.of());
        Slo slo = new Slo(
                "slo.yaml",
                List.of(new Slo.Rule(
                        all,
                        List.of(
                                new Limit.LatencyPercentile(Percentile.P95, 94.5),
                                new Limit.RequestsPerSecond(10),
                                new Limit.ItemsPerSecond(1e6),
                                new Limit.Goodput(100, 0.99, SloCheck.SHARE),
                                new Limit.ErrorShare(0.001)),
                        "line 1")));
        RunReport report = new RunReport(run("x"), slo, Optional.empty(), console);
        List<LoadPoint> points = List.of(QUERY, PASSAGE);
        List<String> names =
                report.limits(points).stream().map(Requirement::name).toList();
        close(report, clean(QUERY));
        List<Requirement> limits = report.limits(points);
        assertThat(limits).extracting(Requirement::name).isEqualTo(names);
        assertThat(names.subList(0, 5))
                .containsExactly(
                        "SLO query 20 c=1 (1 text): p95 ≤ 94.5 ms",
                        "SLO query 20 c=1 (1 text): requestsPerSecond ≥ 10/s",
                        "SLO query 20 c=1 (1 text): itemsPerSecond ≥ 1000000/s",
                        "SLO query 20 c=1 (1 text): goodput within 100 ms ≥ 99 %",
                        "SLO query 20 c=1 (1 text): errorShare ≤ 0.1 %");
        assertThat(limits.subList(0, 5))
                .extracting(Requirement::problems)
                .satisfiesExactly(
                        p95 -> assertThat(p95)
                                .singleElement()
                                .asString()
                                .startsWith("query 20 c=1 (1 text) SLO not met: p95 95 ms > 94.5 ms"),
                        requests -> assertThat(requests).isEmpty(),
                        items -> assertThat(items)
                                .singleElement()
                                .asString()
                                .startsWith("query 20 c=1 (1 text) SLO not met: itemsPerSecond 19.8"),
                        goodput -> assertThat(goodput).isEmpty(),
                        errors -> assertThat(errors).isEmpty());
        assertThat(limits.subList(5, 10))
                .extracting(Requirement::problems)
                .containsOnly(List.of(PASSAGE.name() + " SLO not met: the level did not end"));
        assertThat(report.summary())
                .contains("✗ query 20 c=1 (1 text) SLO not met: p95 95 ms > 94.5 ms")
                .doesNotContain("did not end");
    }
}
