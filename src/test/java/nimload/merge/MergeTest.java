package nimload.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Generator;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.ResultsFile;
import nimload.results.ResultsLog;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command, with files and logs of generators. */
class MergeTest {
    private static final LoadPoint POINT = new LoadPoint(Workload.QUERY, 20, 0, 1, 3);

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int merge(Object... arguments) {
        CommandLine command = CommandLineTool.of(new Merge(Clock.fixed(Made.STARTED, ZoneOffset.UTC)));
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    private static RunResults generator(int number) {
        Histogram micros = new Histogram(5);
        for (int i = 1; i <= 200; i++) {
            micros.recordValue(1000L * i * number);
        }
        LevelResults level =
                new Made.Level(POINT).latencies(micros).requestsPerSecond(40).results();
        RunInfo info = Made.info(1, 1);
        RunInfo ofGenerator = new RunInfo(
                info.tool(),
                info.id(),
                info.started(),
                1,
                info.emulated(),
                info.targets(),
                info.durationSeconds(),
                info.warmUpSeconds(),
                1,
                info.settings(),
                Map.of(RunInfo.GENERATOR, number + "/2"),
                info.client(),
                info.notes());
        return new RunResults(
                RunResults.SCHEMA,
                ofGenerator,
                true,
                List.of(level.asPartOf(
                        POINT, Generator.of(number, "host-" + number, List.of(), Optional.empty(), level))),
                Optional.empty());
    }

    private Path file(int number) throws IOException {
        Path run = Files.createDirectories(directory.resolve("generator-" + number));
        Files.writeString(run.resolve(ResultsFile.NAME), ResultsFile.json(generator(number)));
        return run;
    }

    /** As a load generator of Gatling Enterprise leaves it. */
    private Path log(int number) throws IOException {
        RunResults run = generator(number);
        return Files.write(
                directory.resolve("generator-" + number + ".log"),
                List.of(
                        "10:00:00 [INFO] started",
                        ResultsLog.line(run),
                        "10:00:10 " + ResultsLog.line(run.levels().get(0)),
                        ResultsLog.line(run)));
    }

    @Test
    void filesAndLogsOfGeneratorsBecomeOneRunWithItsPage() throws IOException {
        assertThat(merge(file(1), log(2), "--out", directory.resolve("runs")))
                .as(err.toString())
                .isZero();

        Path run = directory.resolve("runs").resolve("latest");
        LevelResults level = ResultsFile.read(run).levels().get(0);
        assertThat(level.requests().count()).isEqualTo(400);
        assertThat(level.throughput().requestsPerSecond()).isEqualTo(OptionalDouble.of(80));
        assertThat(level.latency().at(Percentile.P50).orElseThrow()).isBetween(132.0, 135.0);
        assertThat(ResultsFile.read(run).info().notes())
                .contains("Merged from 2 of 2 generators.", "Read from a log: histograms are exact to 0.1 %.");
        for (String file : List.of("results.csv", "report.html", "junit.xml", "summary.md", "results.prom")) {
            assertThat(run.resolve(file)).isNotEmptyFile();
        }
        assertThat(out.toString())
                .contains("merged: 0 of 1 levels may be quoted · "
                        + directory.resolve("runs").resolve("20261122-150000").resolve("report.html"));
    }

    @Test
    void theMergedRunIsHeldAgainstLimitsThatNoPartCouldMeetOrMiss() throws IOException {
        Path slo = Files.writeString(directory.resolve("slo.yaml"), "- workload: query\n  requestsPerSecond: 79\n");

        assertThat(merge(file(1), file(2), "--out", directory.resolve("runs"), "--slo", slo))
                .as(err.toString())
                .isZero();

        assertThat(ResultsFile.read(directory.resolve("runs").resolve("latest"))
                        .levels()
                        .get(0)
                        .slo())
                .filteredOn(check -> check.metric().equals("requestsPerSecond"))
                .singleElement()
                .satisfies(check -> assertThat(check.met()).isTrue());
    }

    @Test
    void brokenLimitsFailTheMergeAsTheyFailARunAndItsFilesAreThere() throws IOException {
        Path slo = Files.writeString(directory.resolve("slo.yaml"), "- workload: query\n  requestsPerSecond: 81\n");

        assertThat(merge(file(1), file(2), "--out", directory.resolve("runs"), "--slo", slo))
                .isEqualTo(1);

        assertThat(ResultsFile.read(directory.resolve("runs").resolve("latest"))
                        .slo()
                        .orElseThrow()
                        .met())
                .isFalse();
        assertThat(out.toString())
                .contains(
                        "✗ query 20 c=3 (1 text): SLO not met: ",
                        "merged: 0 of 1 levels may be quoted · FAILED: " + slo + " not met · ");
    }

    @Test
    void partsOfOtherRunsAndLimitsThatAreNoneLeaveNoDirectory() throws IOException {
        Path one = file(1);

        assertThat(merge(one, one, "--out", directory.resolve("runs"))).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("✗ generator 1/2 is there more than once; give each generator's run once");
        assertThat(directory.resolve("runs")).doesNotExist();

        Path slo = Files.writeString(directory.resolve("slo.yaml"), "- workload: query\n  p95: 300\n");
        assertThat(merge(one, file(2), "--out", directory.resolve("runs"), "--slo", slo))
                .isEqualTo(1);
        assertThat(err.toString()).contains("✗ " + slo + " line 2, column 8: 300 is not a latency above 0");
        assertThat(directory.resolve("runs")).doesNotExist();
    }
}
