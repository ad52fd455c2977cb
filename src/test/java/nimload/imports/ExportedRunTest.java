package nimload.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.exports.Export;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.Requests;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nimload exports in AIPerf's layout is the same run when it is imported. */
class ExportedRunTest {
    @TempDir
    private Path directory;

    /** Ten levels of all workloads, with repeats, failures, drift and too few samples. */
    private static Path recorded() {
        return Path.of("src", "test", "fixtures", "recorded", "after.json");
    }

    private RunResults exportedAndImported(Path run) throws IOException {
        Path exported = directory.resolve("exported");
        Path results = directory.resolve("imported");
        assertThat(CommandLineTool.of(new Export()).execute(run.toString(), "--out", exported.toString()))
                .isZero();
        Import.run(
                new ImportOptions(
                        List.of(exported),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false,
                        results),
                Clock.systemUTC(),
                new PrintWriter(new StringWriter()));
        try (Stream<Path> runs = Files.list(results)) {
            return ResultsFile.read(runs.findFirst().orElseThrow());
        }
    }

    @Test
    void exportAndImportGiveTheSameRun() throws IOException {
        RunResults run = ResultsFile.read(recorded());

        RunResults back = exportedAndImported(recorded());

        assertThat(back.info().tool()).isEqualTo("export of " + run.info().tool());
        assertThat(back.info().started()).isEqualTo(run.info().started());
        assertThat(back.info().emulated()).isEqualTo(run.info().emulated());
        assertThat(back.info().repeats()).isEqualTo(run.info().repeats());
        assertThat(back.info().targets().get("embedding").model())
                .isEqualTo(run.info().targets().get("embedding").model());
        assertThat(back.info().targets().get("reranking").url())
                .isEqualTo(run.info().targets().get("reranking").url());
        assertThat(back.levels()).hasSize(10).hasSameSizeAs(run.levels());
        for (LevelResults level : run.levels()) {
            LevelResults same = back.levels().stream()
                    .filter(other -> other.point().equals(level.point()))
                    .findFirst()
                    .orElseThrow();
            assertThat(same.validity()).isEqualTo(level.validity());
            assertThat(same.requests().count()).isEqualTo(level.requests().count());
            assertThat(same.requests().errors()).isEqualTo(level.requests().errors());
            assertThat(same.latency().avg()).isEqualTo(level.latency().avg());
            assertThat(same.latency().std()).isEqualTo(level.latency().std());
            assertThat(same.latency().min()).isEqualTo(level.latency().min());
            assertThat(same.latency().max()).isEqualTo(level.latency().max());
            for (Percentile percentile : List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99)) {
                assertThat(same.percentile(percentile)).isEqualTo(level.percentile(percentile));
            }
            assertThat(same.throughput().requestsPerSecond())
                    .isEqualTo(level.throughput().requestsPerSecond());
            assertThat(same.throughput().elapsedSeconds())
                    .isEqualTo(level.throughput().elapsedSeconds());
            assertThat(same.course().repeats()).isEqualTo(level.course().repeats());
        }
    }

    @Test
    void openLoadsSpreadsAndLevelsWithoutASuccessComeBackToo() throws IOException {
        List<LevelResults> levels = List.of(
                new Made.Level(new LoadPoint(
                                Workload.QUERY, 300, 60, 0, 1, 0, new Load(100.0 / 3, ""), Optional.empty()))
                        .with(Percentile.P50, 1.5)
                        .requestsPerSecond(0.5)
                        .results(),
                new Made.Level(new LoadPoint(
                                Workload.PASSAGE, 300, 0, 0, 64, 8, new Load(20, "gamma 0.5"), Optional.empty()))
                        .with(Percentile.P50, 1.5)
                        .requestsPerSecond(19.5)
                        .results(),
                new Made.Level(new LoadPoint(Workload.PASSAGE, 300, 0, 0, 64, 9, Load.CLOSED, Optional.empty()))
                        .notValid("no request was answered")
                        .results(),
                whileIngestionIs("off"),
                whileIngestionIs("on"));
        Path file = Files.writeString(
                directory.resolve(ResultsFile.NAME),
                ResultsFile.json(Made.run(List.of(
                        levels.get(0), levels.get(1), withoutRequests(levels.get(2)), levels.get(3), levels.get(4)))));

        RunResults back = exportedAndImported(file);

        assertThat(back.levels())
                .extracting(LevelResults::point)
                .containsExactlyInAnyOrderElementsOf(
                        levels.stream().map(LevelResults::point).toList());
        assertThat(back.levels())
                .filteredOn(level -> level.concurrency() == 9)
                .extracting(LevelResults::validity, level -> level.requests().count())
                .containsExactly(tuple(levels.get(2).validity(), 0L));
    }

    /** The searches' queries of a retrieval pipeline. */
    private static LevelResults whileIngestionIs(String state) {
        return new Made.Level(new LoadPoint(
                        Workload.QUERY, 128, 0, 0, 1, 0, Load.poisson(2), Optional.empty(), "ingestion " + state))
                .with(Percentile.P50, 1.5)
                .requestsPerSecond(2)
                .results();
    }

    private static LevelResults withoutRequests(LevelResults level) {
        return new LevelResults(
                level.point(),
                level.validity(),
                Requests.of(0, 0),
                level.latency(),
                level.throughput(),
                level.tokens(),
                level.client(),
                level.course(),
                level.evidence(),
                level.server(),
                level.replicas(),
                level.slo(),
                level.latencyHistogram());
    }
}
