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
import nimload.exports.RunVerdict;
import nimload.measure.ErrorKind;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import nimload.measure.RequestLog;
import nimload.nim.Json;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;
import nimload.results.ResultsCsv;
import nimload.results.ResultsLog;
import nimload.results.RunDirectory;
import nimload.results.RunInfo;
import nimload.results.RunResults;
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
        report.levelClosed(result, new RequestLog());
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
}
