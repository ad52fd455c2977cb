package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import nimload.results.Searches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineRunTest {
    @TempDir
    private Path directory;

    @Test
    void aRetrievalPipelinesPartsAddUpToItsSearchesWithoutAndWithIngestion() throws Exception {
        GatlingRun run = GatlingRun.startWithoutReport(
                directory,
                "RetrievalPipelineSimulation",
                List.of(
                        "nim.duration=300ms",
                        "nim.warmup=100ms",
                        "nim.samples=20",
                        "nim.pipeline.rate=40",
                        "nim.pipeline.inFlight=32",
                        "nim.pipeline.ingest=20",
                        "nim.query.tokens=20",
                        "nim.passage.tokens=30",
                        "nim.passage.batch=4",
                        "nim.reranking.tokens=40",
                        "nim.reranking.passages=5"));

        assertThat(run.exitCode()).as(run.output()).isZero();
        run.keepForTheSchemasTest("pipeline");
        assertThat(run.output())
                .contains("▶ Running searches: 40/s poisson, embed → 5ms → rerank, ingestion off")
                .contains("▶ Running searches: 40/s poisson, embed → 5ms → rerank, ingestion 20/s constant");
        JsonNode json = run.json();
        assertThat(json.required("complete").booleanValue()).isTrue();
        Map<String, JsonNode> levels = StreamSupport.stream(
                        json.required("levels").spliterator(), false)
                .collect(Collectors.toMap(
                        level -> level.required("workload").textValue() + ", "
                                + level.required("during").textValue(),
                        level -> level));
        assertThat(levels)
                .containsOnlyKeys(
                        "query, ingestion off",
                        "reranking, ingestion off",
                        "query, ingestion on",
                        "reranking, ingestion on",
                        "passage, ingestion on");
        JsonNode pipeline = json.required("pipeline");
        for (JsonNode searches : pipeline.required("levels")) {
            String during = searches.required("during").textValue();
            partsAddUp(searches, levels.get("query, " + during), levels.get("reranking, " + during));
            for (JsonNode part : searches.required("parts")) {
                if (part.has("service")) {
                    assertThat(part.required("service")
                                    .required("beyondLeastMs")
                                    .doubleValue())
                            .as("no answer came before the emulator had it")
                            .isNotNegative();
                }
            }
        }
        assertThat(pipeline.required("differences")).isNotEmpty();
        assertThat(run.output().lines().reduce("", (before, last) -> last)).startsWith("nimload: search p");
    }

    /** The steps' own levels are recorded apart from the searches. */
    private static void partsAddUp(JsonNode searches, JsonNode query, JsonNode reranking) {
        assertThat(searches.required("failed").longValue()).isZero();
        assertThat(query.required("requests")).isEqualTo(searches.required("count"));
        assertThat(reranking.required("requests")).isEqualTo(searches.required("count"));
        double whole = mean(searches);
        double parts = mean(query)
                + mean(part(searches, Searches.SEARCH))
                + mean(reranking)
                + mean(part(searches, Searches.GAPS));
        assertThat(parts).isCloseTo(whole, within(0.01 * whole));
        assertThat(part(searches, Searches.EMBEDDING).has("service")).isTrue();
        assertThat(part(searches, Searches.RERANKING).has("service")).isTrue();
        assertThat(searches.required("arrivals")
                        .required("responseMs")
                        .required("avg")
                        .doubleValue())
                .isGreaterThanOrEqualTo(whole);
    }

    private static double mean(JsonNode latency) {
        return latency.required("latencyMs").required("avg").doubleValue();
    }

    private static JsonNode part(JsonNode searches, String name) {
        return StreamSupport.stream(searches.required("parts").spliterator(), false)
                .filter(part -> part.required("name").textValue().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
