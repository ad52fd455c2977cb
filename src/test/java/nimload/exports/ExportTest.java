package nimload.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.nim.Json;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Made;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in AIPerf's layout. */
class ExportTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Ten levels of all workloads, with repeats, failures, drift and too few samples. */
    private static Path recorded() {
        return Path.of("src", "test", "fixtures", "recorded", "after.json");
    }

    private int export(String... args) {
        return CommandLineTool.of(new Export())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void theFilesHaveAiperfsFieldsAndNoneThatNimloadDoesNotHave() throws IOException {
        RunResults run = ResultsFile.read(recorded());
        Map<String, String> files = AiperfFiles.of(run);
        assertThat(files).hasSize(20);
        String level = "reranking__passages_10__passage_tokens_512__query_tokens_512__concurrency_3/";
        JsonNode json = Json.MAPPER.readTree(files.get(level + AiperfFiles.JSON));

        assertThat(json.path("schema_version").asText()).isEqualTo("1.5");
        assertThat(json.has("aiperf_version")).as("no AIPerf measured").isFalse();
        assertThat(json.at("/request_latency/unit").asText()).isEqualTo("ms");
        assertThat(json.at("/request_latency/count").asLong())
                .isEqualTo(json.at("/request_count/avg").asLong());
        assertThat(json.at("/request_latency").properties())
                .extracting(Map.Entry::getKey)
                .doesNotContain("p1", "p5", "p25", "p75", "sum", "p99.9");
        assertThat(json.at("/request_throughput/unit").asText()).isEqualTo("requests/sec");
        assertThat(json.at("/input_config/models/items/0/name").asText())
                .isEqualTo("nvidia/llama-3.2-nv-rerankqa-1b-v2");
        assertThat(json.at("/input_config/endpoint/type").asText()).isEqualTo("nim_rankings");
        assertThat(json.at("/input_config/datasets/0/rankings/passages/value").asInt())
                .isEqualTo(10);
        assertThat(json.at("/input_config/phases/0/concurrency").asInt()).isEqualTo(3);
        assertThat(json.at("/run_info/variation_values/phases.profiling.concurrency")
                        .asInt())
                .isEqualTo(3);
        assertThat(json.findValues("avg")).noneMatch(JsonNode::isNull);
        assertThat(json.has("error_request_count")).as("0 is left out").isFalse();
        assertThat(files.entrySet().stream()
                        .filter(file -> file.getKey().endsWith(AiperfFiles.JSON))
                        .map(file -> file.getValue())
                        .filter(text -> text.contains("\"error_request_count\"")))
                .hasSize((int) run.levels().stream()
                        .filter(failed -> failed.requests().errors() > 0)
                        .count())
                .isNotEmpty();

        assertThat(files.get(level + AiperfFiles.CSV).split("\r\n"))
                .startsWith("Metric,avg,min,max,sum,p1,p5,p10,p25,p50,p75,p90,p95,p99,std")
                .contains(
                        "Metric,Value",
                        "Request Count," + json.at("/request_count/avg").asLong())
                .anyMatch(line ->
                        line.matches("Request Latency \\(ms\\),[\\d.]+,[\\d.]+,[\\d.]+,,,,,,[\\d.]+,,[\\d.]+,.*"))
                .anyMatch(line -> line.matches("Request Throughput \\(requests/sec\\),[\\d.]+"));
    }

    @Test
    void eachLevelOfAPipelineHasItsDirectoryThoughTheyDifferOnlyInWhatElseRan() throws IOException {
        LoadPoint query = new LoadPoint(Workload.QUERY, 128, 0, 1, 0).at(Load.poisson(2));
        LoadPoint reranking = new LoadPoint(Workload.RERANKING, 512, 128, 100, 0).at(Load.poisson(2));
        LoadPoint passage = new LoadPoint(Workload.PASSAGE, 512, 0, 64, 0).at(Load.constant(2));
        RunResults run = Made.run(Stream.of(
                        query.during("ingestion off"),
                        reranking.during("ingestion off"),
                        query.during("ingestion on"),
                        reranking.during("ingestion on"),
                        passage.during("ingestion on"))
                .map(point -> new Made.Level(point).results())
                .toList());
        Map<String, String> files = AiperfFiles.of(run);

        String on = "query__isl_128__batch_size_1__rate_2_s_poisson__during_ingestion_on/";
        assertThat(files).hasSize(10).containsKey(on + AiperfFiles.CSV);
        assertThat(Json.MAPPER
                        .readTree(files.get(on + AiperfFiles.JSON))
                        .at("/run_info/variation_values/nimload.during")
                        .asText())
                .isEqualTo("ingestion on");
        assertThat(AiperfFiles.of(Made.run(List.of(Made.query(3).results()))).keySet())
                .noneMatch(path -> path.contains("during"));
    }

    @Test
    void anExportIsWholeOrNotThereAndReplacesNothing() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        assertThat(export(recorded().toString(), "--out", taken.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("✗ " + taken + " exists already; remove it, or give another directory with --out DIR"
                        + System.lineSeparator());
        assertThat(taken).isEmptyDirectory();

        Path none = Files.writeString(directory.resolve("file"), "").resolve("below");
        assertThat(export(recorded().toString(), "--out", none.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(none + " cannot be written (");

        Path run = Files.copy(
                recorded(), Files.createDirectory(directory.resolve("run")).resolve(ResultsFile.NAME));
        assertThat(export(run.getParent().toString())).isZero();
        assertThat(out.toString())
                .isEqualTo("10 levels in AIPerf's layout: " + run.resolveSibling("aiperf") + System.lineSeparator());
        try (Stream<Path> left = Files.list(run.getParent())) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("aiperf", ResultsFile.NAME);
        }
    }

    @Test
    void aRunWithoutLevelsIsRefused() throws IOException {
        Path file = Files.writeString(
                directory.resolve(ResultsFile.NAME),
                ResultsFile.json(
                        new RunResults(RunResults.SCHEMA, Made.info(1, 1), false, List.of(), Optional.empty())));
        assertThat(export(file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(file + " has no level with results; give a run that measured one");
    }
}
