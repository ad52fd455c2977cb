package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.emulator.EmbeddedNim;
import nimload.results.ResultsCsv;
import nimload.simulation.FaultyNim.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs, each in a separate JVM, against NIMs that fail: how they end and what they leave behind. */
@Execution(ExecutionMode.CONCURRENT)
class RunFailuresTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "STATUS_500, http 500, CUDA error: out of memory",
        "STATUS_503, http 503, HTTP 503",
        "GARBAGE, malformed, an HTML page: hello",
        "TRUNCATED_JSON, malformed, not JSON",
        "NAN, malformed, NaN",
        "TOO_FEW_VECTORS, malformed, 0 vectors for 1 texts",
        "CONNECTION_CLOSED, connection, no answer",
        "HANG, timeout, no answer"
    })
    void faultUnderLoadIsCountedUnderItsOwnKindAndFailsTheRun(Fault fault, String kind, String detail)
            throws Exception {
        try (FaultyNim nim = new FaultyNim(fault)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of(),
                    "QueryEmbeddingSimulation",
                    "nim.embedding.url=" + nim.url(),
                    "nim.query.concurrency=2",
                    "nim.duration=300ms",
                    "nim.warmup=0s",
                    "nim.requestTimeout=500ms");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            assertThat(run.output()).contains("✗ query, 20 tokens, 1 text, concurrency 2: ");
            JsonNode level = run.json().required("levels").required(0);
            assertThat(level.required("valid").booleanValue()).isFalse();
            assertThat(level.required("errorsByKind").properties()).hasSize(1);
            assertThat(level.required("errorsByKind").required(kind).longValue())
                    .isEqualTo(level.required("requests").longValue())
                    .isPositive();
            assertThat(level.required("firstErrors").required(kind).textValue()).contains(detail);
            assertThat(level.required("latencyMs").isEmpty())
                    .as("no latency of failed requests")
                    .isTrue();
            assertThat(run.csv()).hasSize(2).first().isEqualTo(ResultsCsv.HEADER);
        }
    }

    @Test
    void answersThatAreMixedUpUnderLoadAreWrongAnswers() throws Exception {
        try (FaultyNim nim = new FaultyNim(Fault.MIXED_UP)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of(),
                    "RerankingSimulation",
                    "nim.reranking.url=" + nim.url(),
                    "nim.reranking.tokens=20",
                    "nim.reranking.queryTokens=8",
                    "nim.reranking.passages=4",
                    "nim.reranking.concurrency=2",
                    "nim.duration=1s",
                    "nim.warmup=0s");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            assertThat(run.json()
                            .required("levels")
                            .required(0)
                            .required("errorsByKind")
                            .required("wrong answer")
                            .longValue())
                    .isPositive();
            assertThat(run.output()).contains("alone it got");
        }
    }

    @Test
    void afterALargeWrongAnswerItsUserWaitsAsAfterASmallOne() throws Exception {
        try (FaultyNim nim = new FaultyNim(Fault.TRUNCATED_JSON)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of(),
                    "PassageEmbeddingSimulation",
                    "nim.embedding.url=" + nim.url(),
                    "nim.passage.tokens=20",
                    "nim.passage.batch=16",
                    "nim.passage.concurrency=1",
                    "nim.duration=2s",
                    "nim.warmup=0s");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            JsonNode level = run.json().required("levels").required(0);
            assertThat(level.required("errorsByKind").required("malformed").longValue())
                    .as("with 0.1 s after each, or two where the check came late")
                    .isEqualTo(level.required("requests").longValue())
                    .isBetween(2L, 41L);
        }
    }

    @Test
    void unreachableNimEndsTheRunBeforeAnyLoadWithOneLine() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory, Map.of(), "QueryEmbeddingSimulation", "nim.embedding.url=http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output())
                .startsWith("✗ http://127.0.0.1:1 cannot be reached")
                .hasLineCount(1);
        assertThat(run.hasResults()).isFalse();
    }

    @Test
    void unknownSettingEndsTheRunWithOneLineThatNamesTheNearest() throws Exception {
        GatlingRun run = GatlingRun.start(directory, Map.of(), "QueryEmbeddingSimulation", "nim.query.concurency=1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output())
                .startsWith("✗ unknown setting nim.query.concurency; did you mean nim.query.concurrency?")
                .hasLineCount(1);
    }

    @Test
    void terminatedRunKeepsItsFinishedLevels() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                "nim.query.concurrency=1,2,3",
                "nim.duration=1s",
                "nim.warmup=0s");
        run.awaitLine("▶ Running: input_type=query, tokens=20, batch=1, concurrency=2");
        run.terminate();

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.csv()).hasSize(2);
        assertThat(run.csv().get(1)).startsWith("query,20,1,1,");
        assertThat(run.json().required("complete").booleanValue()).isFalse();
    }

    @Test
    @Timeout(120)
    void aPageThatCannotBeWrittenFailsTheRunOnceAndLeavesTheResults() throws Exception {
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "QueryEmbeddingSimulation",
                "nim.query.concurrency=1,2",
                "nim.duration=1s",
                "nim.warmup=0s");
        run.awaitLine("▶ Running: input_type=query, tokens=20, batch=1, concurrency=2");
        Files.createDirectory(directory.resolve("results").resolve("latest").resolve("report.html.part"));

        assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
        assertThat(run.output()).containsOnlyOnce("✗ report.html cannot be written: ");
        assertThat(run.csv()).hasSize(3);
    }

    @Test
    void apiKeyIsSentAndAppearsInNoOutputAndNoFile() throws Exception {
        String key = "nvapi-hunted-0123456789";
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            GatlingRun run = GatlingRun.start(
                    directory,
                    Map.of("NIM_API_KEY", key),
                    "QueryEmbeddingSimulation",
                    "nim.embedding.url=" + nim.url(),
                    "nim.query.concurrency=1",
                    "nim.duration=300ms",
                    "nim.warmup=0s");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).doesNotContain(key);
            assertThat(run.json().required("settings").required("nim.apiKey").textValue())
                    .isEqualTo("***");
            assertThat(Files.walk(directory).filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain(key));
        }
    }
}
