package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.plan.Workload;
import nimload.preflight.MisbehavingNim;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run decides before its first level; the levels themselves are run by the simulations. */
class BenchmarkTest {
    private static EmbeddedNim nim;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        nim = EmbeddedNim.start(0);
    }

    @AfterAll
    static void stop() {
        nim.close();
    }

    private Benchmark prepare(Set<Workload> workloads, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(Map.of("nim.rehearsal", "false", "nim.calibrate", "false"));
        all.putAll(properties);
        all.put("nim.results", directory.resolve("results").toString());
        PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Benchmark.prepare(
                Program.grid(workloads), new Host(all, Map.of(), Clock.systemDefaultZone(), true, console));
    }

    private static Set<Workload> all() {
        return EnumSet.allOf(Workload.class);
    }

    private Benchmark prepareWithLimits(String limits) throws IOException {
        Path file = Files.writeString(directory.resolve("limits.yaml"), limits);
        return prepare(
                EnumSet.of(Workload.QUERY),
                Map.of(
                        "nim.embedding.url", nim.url().toString(),
                        "nim.query.concurrency", "1,3",
                        "nim.slo", file.toString()));
    }

    @Test
    void twoUrlsRunThe23LevelsOfThePublishedGrid() {
        Benchmark run = prepare(
                all(), Map.of("nim.embedding.url", nim.url().toString(), "nim.reranking.url", nim.url() + "/v1"));
        assertThat(run.levels()).hasSize(23);
        assertThat(run.levels()).extracting(level -> level.plan().name()).doesNotHaveDuplicates();
        assertThat(run.levels().get(0).plan().urls()).containsExactly(nim.url() + "/v1/embeddings");
        assertThat(run.levels().get(22).plan().urls()).containsExactly(nim.url() + "/v1/ranking");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("embedding: nvidia/nv-embedqa-e5-v5 at " + nim.url())
                .contains("reranking: nvidia/llama-3.2-nv-rerankqa-1b-v2 at " + nim.url());
        assertThat(run.summary())
                .contains("Made with the embedded NIM (H200-like): not a measurement of NVIDIA's NIM.");
    }

    @Test
    void oneUrlAloneRunsItsOwnWorkloadsAndSaysSo() {
        Benchmark embedding =
                prepare(all(), Map.of("nim.embedding.url", nim.url().toString()));
        assertThat(embedding.levels()).hasSize(14);
        assertThat(embedding.summary()).contains("reranking was not run: nim.reranking.url is not given");
        Benchmark reranking =
                prepare(all(), Map.of("nim.reranking.url", nim.url().toString()));
        assertThat(reranking.levels()).hasSize(9);
        assertThat(reranking.summary())
                .contains("query was not run: nim.embedding.url is not given")
                .contains("passage was not run: nim.embedding.url is not given");
    }

    @Test
    void aTwinIsEmbeddedWithItsOwnLabelAndOnlyForItsKindOfNim() throws IOException {
        Path twin = Files.writeString(directory.resolve("twin.json"), """
                {"twinOf": "20261126-120000", "gpu": {"rerank": {"batchOverheadMs": 0, "hostMs": 0.1,
                  "maxItemsPerBatch": 32, "rows": [{"tokensPerItem": 1024, "itemsAndMs": [[1, 0.1], [10, 0.5]]}]}}}
                """);
        Benchmark run = prepare(
                EnumSet.of(Workload.PASSAGE, Workload.RERANKING), Map.of("nim.embedded.times", twin.toString()));
        assertThat(run.levels()).hasSize(9);
        assertThat(run.summary())
                .contains(
                        "Made with the embedded NIM (twin of run 20261126-120000): not a measurement of NVIDIA's NIM.")
                .contains("passage was not run: nim.embedded.times has no times for it")
                .doesNotContain("H200");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(", embedded NIM (twin of run 20261126-120000)")
                .doesNotContain("H200");
    }

    @Test
    void timesOfTheEmbeddedNimAndAnAddressExcludeEachOther() {
        assertThatThrownBy(() -> prepare(
                        all(),
                        Map.of(
                                "nim.embedded.times",
                                "twin.json",
                                "nim.embedding.url",
                                nim.url().toString())))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.embedded.times=twin.json is for the embedded NIM, and " + nim.url()
                        + " is given to be loaded; leave out one of them");
    }

    @Test
    void oneOfSeveralGeneratorsNeedsAnAddressThatTheOthersReachToo() {
        assertThatThrownBy(() -> prepare(all(), Map.of("nim.generator", "1/2", "nim.startAt", startsIn(60))))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.generator=1/2: without an address each generator would load the NIM that is embedded in"
                                + " its own process, and nothing would add up; give all of them the same"
                                + " -Dnim.embedding.url=… or -Dnim.reranking.url=…, e.g. that of exec:java@emulator");
        assertThat(directory.resolve("results")).doesNotExist();
    }

    private static String startsIn(long seconds) {
        return Instant.now().plusSeconds(seconds).toString();
    }

    @Test
    void whereNoProcessCanBeStartedNothingIsCalibratedAndTheRunSaysSo() {
        String classPath = System.getProperty("java.class.path");
        System.setProperty("java.class.path", directory.toString());
        Benchmark run;
        try {
            run = prepare(all(), Map.of("nim.embedding.url", nim.url().toString(), "nim.calibrate", "true"));
        } finally {
            System.setProperty("java.class.path", classPath);
        }
        assertThat(run.unreportedLevels()).isEmpty();
        assertThat(run.levels()).hasSize(14);
        assertThat(run.summary())
                .contains("What this client adds was not measured: no server could be started for it (its process ended"
                        + " with: ");
    }

    @Test
    void theEndpointsFileNamesTheNims() throws IOException {
        Path file = Files.writeString(
                directory.resolve("endpoints.json"),
                "{\"reranking\":{\"url\":\"" + nim.url() + "\",\"gpu\":\"H200\"}}");
        Benchmark run = prepare(all(), Map.of("nim.endpoints", file.toString()));
        assertThat(run.levels()).hasSize(9);
    }

    @Test
    void aSimulationWithoutANimIsRefused() {
        assertThatThrownBy(() -> prepare(
                        EnumSet.of(Workload.RERANKING),
                        Map.of("nim.embedding.url", nim.url().toString())))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "no workload to run: this simulation, nim.workloads and nim.grid leave [reranking], and there is an"
                                + " address for [embedding]; give -Dnim.embedding.url=…, -Dnim.reranking.url=… or other"
                                + " -Dnim.workloads=…");
    }

    @Test
    void aRefusedRunLeavesNoDirectoryOfResults() throws IOException {
        try (MisbehavingNim notReady = new MisbehavingNim().answer("/v1/health/ready", 503, "")) {
            assertThatThrownBy(() -> prepare(
                            all(), Map.of("nim.embedding.url", notReady.url().toString())))
                    .isInstanceOf(UserError.class)
                    .hasMessageStartingWith(notReady.url() + " is not ready (HTTP 503");
        }
        assertThatThrownBy(() ->
                        prepare(all(), Map.of("nim.reranking.url", nim.url().toString(), "nim.reranking.tokens", "6")))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.reranking.tokens=6: 6 is out of range");
        assertThatThrownBy(() -> prepare(all(), Map.of("nim.query.concurency", "1")))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("unknown setting nim.query.concurency; did you mean nim.query.concurrency?");
        assertThatThrownBy(() -> prepareWithLimits("- workload: query\n  p95: 300\n"))
                .isInstanceOf(UserError.class)
                .hasMessage(directory.resolve("limits.yaml")
                        + " line 2, column 8: 300 is not a latency above 0; give a"
                        + " number and its unit, ms or s, no finer than 1 µs, e.g. 250ms");
        assertThatThrownBy(() -> prepareWithLimits("- {concurrency: 2, p95: 300ms}"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        "limits.yaml line 1, column 3: these limits match no level of this run; its levels are"
                                + " query with inputTokens 20, itemsPerRequest 1 and concurrency 1, 3; ");
        assertThat(directory.resolve("results")).doesNotExist();
    }

    @Test
    void aNimWithoutUsageRunsWithTokensNotVerified() throws IOException {
        try (MisbehavingNim silent =
                new MisbehavingNim().answer("/v1/embeddings", 200, "{'data':[{'index':0,'embedding':[1,0]}]}")) {
            Benchmark run = prepare(
                    EnumSet.of(Workload.QUERY),
                    Map.of("nim.embedding.url", silent.url().toString()));
            assertThat(run.levels()).hasSize(8);
            assertThat(run.summary())
                    .contains(
                            "query: tokens not verified, the server's usage is missing or does not move with the text.")
                    .doesNotContain("embedded NIM");
        }
    }

    /** Ranks at most 10 passages. */
    private static MisbehavingNim.Answer rank(MisbehavingNim.Request request) {
        int passages = request.body().split("\"text\"", -1).length - 2;
        return passages > 10
                ? new MisbehavingNim.Answer(422, "{'detail':[{'msg':'List should have at most 10 items'}]}")
                : new MisbehavingNim.Answer(
                        200,
                        IntStream.range(0, passages)
                                .mapToObj(index -> "{'index':" + index + ",'logit':0}")
                                .collect(Collectors.joining(",", "{'rankings':[", "]}")));
    }

    @Test
    void levelsThatTheServerDoesNotTakeAreLeftOutAndTheRunSaysSoAtOnce() throws IOException {
        try (MisbehavingNim ranker = new MisbehavingNim().answer("/v1/ranking", BenchmarkTest::rank)) {
            Benchmark run = prepare(
                    EnumSet.of(Workload.RERANKING),
                    Map.of("nim.reranking.url", ranker.url().toString()));
            assertThat(run.levels()).hasSize(3);
            String leftOut =
                    "reranking, 512+512 tokens, 40 passages: 3 levels left out, HTTP 422: List should have at most 10";
            assertThat(out.toString(StandardCharsets.UTF_8)).contains(leftOut);
            assertThat(run.summary()).contains(leftOut);
        }
    }

    @Test
    void aWorkloadWithoutALevelLeavesNoDirectoryOfResults() throws IOException {
        try (MisbehavingNim ranker = new MisbehavingNim().answer("/v1/ranking", BenchmarkTest::rank)) {
            assertThatThrownBy(() -> prepare(
                            EnumSet.of(Workload.RERANKING),
                            Map.of("nim.reranking.url", ranker.url().toString(), "nim.reranking.passages", "20,40")))
                    .isInstanceOf(UserError.class)
                    .hasMessage("reranking: no level can run, the server does not take the smallest request either,"
                            + " 512+512 tokens, 20 passages: HTTP 422: List should have at most 10 items; give a"
                            + " smaller one, -Dnim.reranking.passages=… or -Dnim.reranking.tokens=…");
        }
        assertThat(directory.resolve("results")).doesNotExist();
    }
}
