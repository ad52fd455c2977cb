package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import nimload.emulator.EmbeddedNim;
import nimload.page.GatlingNote;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Workload;
import nimload.plan.WorkloadGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs, each in a separate JVM, that succeed: what they send, print and leave behind. */
@Execution(ExecutionMode.CONCURRENT)
class RunTest {
    @TempDir
    Path directory;

    @Test
    void publishedGridRunsAll23LevelsOnTheEmbeddedNimAndNamesThemInGatlingsReport() throws Exception {
        GatlingRun run =
                GatlingRun.start(directory, Map.of(), "PublishedGridSimulation", "nim.duration=200ms", "nim.warmup=0s");

        assertThat(run.exitCode()).as(run.output()).isZero();
        Map<Workload, WorkloadGrid> grid = PublishedGrid.load();
        List<LoadPoint> points = Stream.of(Workload.values())
                .flatMap(workload -> grid.get(workload).loadPoints().stream())
                .toList();
        assertThat(points).hasSize(23);
        assertThat(run.csv()).hasSize(24);
        run.keepForTheSchemasTest("results");
        assertThat(run.output().lines().filter(line -> line.startsWith("▶")).toList())
                .zipSatisfy(
                        points,
                        (line, point) -> assertThat(line)
                                .startsWith(point.announcement() + "   [" + (points.indexOf(point) + 1) + "/23, about ")
                                .endsWith(" left]"));
        assertThat(run.output()).contains("Made with the embedded NIM (H200-like)");
        for (JsonNode level : run.json().required("levels")) {
            assertThat(level.required("errors").longValue()).isZero();
            assertThat(level.required("measuredTokensPerItem").doubleValue())
                    .isEqualTo(level.required("expectedTokensPerItem").doubleValue());
            assertThat(level.required("server").required("requestsCounted").longValue())
                    .as("requests of " + level.required("name") + " as the server counted them")
                    .isEqualTo(level.required("ledger").required("sent").longValue());
        }
        everyNumberOfALevelFollowsFromItsRequests(run.json().required("levels"), requests());
        Path report;
        try (Stream<Path> reports = Files.list(directory.resolve("gatling"))) {
            report = reports.findFirst().orElseThrow();
        }
        try (Stream<Path> files = Files.list(report)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("req_")))
                    .as("rows of Gatling's report")
                    .hasSize(23);
        }
        String index = Files.readString(report.resolve("index.html"));
        assertThat(index).contains("<span>" + GatlingNote.TEXT + "</span>");
        assertThat(run.output().lines().skip(run.output().lines().count() - 2))
                .as("after all of Gatling's")
                .satisfiesExactly(
                        note -> assertThat(note).isEqualTo("Gatling's report: " + GatlingNote.TEXT),
                        last -> assertThat(last)
                                .matches(
                                        "nimload: [0-9]+ of 23 levels may be quoted · .*/results/[0-9-]+/report\\.html"));
        assertThat(points).allSatisfy(point -> assertThat(index).contains(point.name()));
    }

    /** Rows of requests.csv.gz: level, repeat, sent, latency, user, body, failure. */
    private List<String[]> requests() throws IOException {
        Path file = directory.resolve("results").resolve("latest").resolve("requests.csv.gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(lines.get(0)).isEqualTo("level,repeat,sent_us,latency_us,user,body,failure");
            return lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
        }
    }

    private static void everyNumberOfALevelFollowsFromItsRequests(JsonNode levels, List<String[]> requests) {
        for (JsonNode level : levels) {
            List<String[]> rows = requests.stream()
                    .filter(row -> row[0].equals(level.required("name").textValue()))
                    .toList();
            long[] micros = rows.stream()
                    .filter(row -> row[6].isEmpty())
                    .mapToLong(row -> Long.parseLong(row[3]))
                    .sorted()
                    .toArray();
            assertThat(rows).hasSize(level.required("requests").intValue());
            assertThat(rows.size() - micros.length)
                    .isEqualTo(level.required("errors").intValue());
            JsonNode latency = level.required("latencyMs");
            assertThat(micros[(int) Math.ceil(micros.length / 2.0) - 1] / 1e3)
                    .isEqualTo(
                            latency.required("p50").doubleValue(),
                            within(latency.required("p50").doubleValue() * 2e-5));
            assertThat(LongStream.of(micros).average().orElseThrow() / 1e3)
                    .isEqualTo(latency.required("avg").doubleValue(), within(0.002));
            double seconds = level.required("elapsedSeconds").doubleValue();
            double rate = micros.length / seconds;
            assertThat(level.required("requestsPerSecond").doubleValue())
                    .as("both are rounded")
                    .isEqualTo(rate, within(0.001 + rate * 1e-6 / seconds));
            assertThat(rows.stream().map(row -> row[5])).as("each body once").doesNotHaveDuplicates();
        }
    }

    @Test
    void oneUrlAloneRunsThatNimsWorkloadsAndObeysConcurrencyModelAndEncoding() throws Exception {
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of("NIM_ENCODING_FORMAT", "base64"),
                    "PublishedGridSimulation",
                    "nim.embedding.url=" + nim.url() + "/v1",
                    "nim.embedding.model=" + EmbeddedNim.EMBEDDING_MODEL,
                    "nim.query.concurrency=2,4",
                    "nim.passage.tokens=100",
                    "nim.passage.batch=3",
                    "nim.passage.concurrency=1",
                    "nim.duration=200ms",
                    "nim.warmup=0s");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).contains("reranking was not run: nim.reranking.url is not given");
            JsonNode json = run.json();
            assertThat(json.required("levels")).hasSize(3);
            assertThat(json.required("levels").required(2).required("name").textValue())
                    .isEqualTo("passage 100 c=1 (3 texts)");
            assertThat(json.required("effective").required("encodingFormat").textValue())
                    .isEqualTo("base64");
            assertThat(json.required("emulated").booleanValue())
                    .as("an emulator behind a URL is still one")
                    .isTrue();
        }
    }
}
