package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.LocalKubelet;
import nimload.deploy.mock.MockCluster;
import nimload.deploy.mock.StandInTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** `run --tool genai-perf` and `--tool aiperf` with a stand-in for the tool; tool.sh, the import and the suite that contains it are real. */
class ToolRunTest {

    private static final Path GRID = Path.of("..", "simulations-data", "published-grid.json");

    @TempDir
    Path root;

    @TempDir
    Path node;

    private Path suite = RealSuite.FILE;
    private Path folder;
    private Path results;
    private Path calls;
    private Bootstrap bootstrap;
    private LocalKubelet kubelet;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectory(root.resolve("simulations-data"));
        Files.copy(GRID, root.resolve("simulations-data/published-grid.json"));
        folder = Files.createDirectory(root.resolve("deploy"));
        results = root.resolve("nim-results");
        bootstrap = new Bootstrap(folder);
        kubelet = new LocalKubelet(bootstrap.cluster, node);
        bootstrap.whileSleeping = kubelet::step;
        Path bin = Files.createDirectory(node.resolve("bin"));
        StandInTool.write(bin, "aiperf");
        calls = StandInTool.write(bin, "genai-perf");
        kubelet.environment.merge("PATH", bin + ":", (path, ours) -> ours + path);
        endpoints("embedding", "reranking");
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(node.resolve("hold"));
        kubelet.close();
        bootstrap.close();
    }

    private void endpoints(String... nims) throws Exception {
        String entries = Stream.of(nims)
                .map(nim -> "\"" + nim + "\": {\"url\": \"http://" + nim + "-nim." + nim
                        + "-nim.svc:8000\", \"model\": \"nvidia/" + nim + "-model\", \"reachedBy\": \"service\"}")
                .reduce("\"context\": \"mock\"", (first, second) -> first + ", " + second);
        Files.createDirectories(folder.resolve("target"));
        Files.writeString(folder.resolve("target/endpoints.json"), "{" + entries + "}");
    }

    private Bootstrap.Result run(String... more) {
        return runTool("genai-perf", more);
    }

    private Bootstrap.Result runTool(String tool, String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", "--tool", tool, "--suite", suite.toString()));
        arguments.addAll(List.of(more));
        return bootstrap.run(arguments.toArray(String[]::new));
    }

    private List<Path> folders(String pattern) throws Exception {
        try (Stream<Path> all = Files.list(results)) {
            return all.filter(path -> path.getFileName().toString().matches(pattern))
                    .toList();
        }
    }

    private Path artifacts() throws Exception {
        return artifacts("genai-perf");
    }

    private Path artifacts(String tool) throws Exception {
        assertThat(folders("[0-9]{8}-[0-9]{6}-" + tool)).hasSize(1);
        return folders(".*-" + tool).get(0);
    }

    private List<JsonNode> importedLevels() throws Exception {
        return importedLevels("genai-perf");
    }

    private List<JsonNode> importedLevels(String tool) throws Exception {
        assertThat(folders("[0-9]{8}-[0-9]{6}")).hasSize(1);
        JsonNode run = new JsonMapper()
                .readTree(Files.readString(folders("[0-9]{8}-[0-9]{6}").get(0).resolve("results.json")));
        assertThat(run.path("tool").asString("")).isEqualTo(tool);
        return run.path("levels").valueStream().toList();
    }

    @Test
    void the23LevelsRunWithTheGuidesCommandsAndBecomeOneOfOurRuns() throws Exception {
        RealSuite.require();
        Bootstrap.Result result = run();

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).as(result.out()).isZero();
        String kept = node.resolve("work/genai-perf").toString();
        assertThat(Files.readAllLines(calls))
                .hasSize(23)
                .contains(
                        "genai-perf profile -m nvidia/embedding-model --service-kind openai --endpoint-type embeddings --batch-size 64"
                                + " --synthetic-input-tokens-mean 512 --extra-inputs input_type:passage --extra-inputs truncate:END"
                                + " --concurrency 5 --url http://embedding-nim.embedding-nim.svc:8000 -v --artifact-dir "
                                + kept
                                + "/passage-512tokens-64texts-concurrency5",
                        "genai-perf profile -m nvidia/reranking-model --service-kind openai --endpoint-type rankings"
                                + " -u http://reranking-nim.reranking-nim.svc:8000 --extra-inputs truncate:END"
                                + " --input-file synthetic:queries,passages -v --synthetic-input-tokens-mean 512 --batch-size-text 40"
                                + " --concurrency 3 --artifact-dir " + kept
                                + "/reranking-512tokens-40passages-concurrency3");
        assertThat(result.out().lines().filter(line -> line.startsWith("▶")))
                .hasSize(23)
                .startsWith("▶ Running: input_type=query, tokens=20, batch=1, concurrency=1")
                .contains("▶ Running: input_type=passage, tokens=300, batch=64, concurrency=3")
                .endsWith("▶ Running reranking test: passages=40, batch=1, concurrency=5");
        assertThat(result.out()).contains("23 levels of genai-perf: " + results);
        Path artifacts = artifacts();
        assertThat(artifacts.resolve("query-20tokens-1texts-concurrency15"))
                .isDirectoryContaining("glob:**/profile_export_genai_perf.json")
                .isDirectoryContaining("glob:**/profile_export_genai_perf.csv")
                .isDirectoryNotContaining("glob:**/profile_export.json");
        assertThat(Path.of(kept, "query-20tokens-1texts-concurrency15/profile_export.json"))
                .as("raw files stay in the pod")
                .exists();
        assertThat(Files.readString(artifacts.resolve("console.log"))).contains("Running Perf Analyzer");
        assertThat(artifacts.resolve("exit-code")).hasContent("0");
        assertThat(importedLevels()).hasSize(23).anySatisfy(level -> {
            assertThat(level.path("workload").asString("")).isEqualTo("passage");
            assertThat(level.path("inputTokens").asInt(0)).isEqualTo(512);
            assertThat(level.path("itemsPerRequest").asInt(0)).isEqualTo(64);
            assertThat(level.path("concurrency").asInt(0)).isEqualTo(5);
            assertThat(level.path("requestsPerSecond").asDouble(0)).isEqualTo(64.5);
            assertThat(level.path("latencyMs").path("p95").asDouble(0)).isEqualTo(74.0);
        });
        assertThat(folder.resolve("target/import")).doesNotExist();
    }

    @Test
    void aiperfMeasuresTheSame23Levels() throws Exception {
        RealSuite.require();
        Bootstrap.Result result = runTool("aiperf");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).as(result.out()).isZero();
        String kept = node.resolve("work/aiperf").toString();
        assertThat(Files.readAllLines(calls))
                .hasSize(23)
                .contains(
                        "aiperf profile --model nvidia/embedding-model --url http://embedding-nim.embedding-nim.svc:8000"
                                + " --endpoint-type nim_embeddings --batch-size-text 64 --synthetic-input-tokens-mean 512"
                                + " --synthetic-input-tokens-stddev 0 --extra-inputs input_type:passage --extra-inputs truncate:END"
                                + " --concurrency 5 --warmup-duration 5 --benchmark-duration 30 --ui-type none --artifact-dir "
                                + kept
                                + "/passage-512tokens-64texts-concurrency5 --tokenizer builtin",
                        "aiperf profile --model nvidia/reranking-model --url http://reranking-nim.reranking-nim.svc:8000"
                                + " --endpoint-type nim_rankings --rankings-passages-mean 40 --rankings-passages-prompt-token-mean 512"
                                + " --rankings-query-prompt-token-mean 512 --extra-inputs truncate:END --concurrency 3"
                                + " --warmup-duration 5 --benchmark-duration 30 --ui-type none --artifact-dir " + kept
                                + "/reranking-512tokens-40passages-concurrency3 --tokenizer builtin");
        assertThat(result.out()).contains("23 levels of aiperf 0.12.0: " + results);
        assertThat(artifacts("aiperf").resolve("query-20tokens-1texts-concurrency15"))
                .isDirectoryContaining("glob:**/profile_export_aiperf.json")
                .isDirectoryContaining("glob:**/profile_export_aiperf.csv")
                .isDirectoryNotContaining("glob:**/profile_export.jsonl");
        assertThat(importedLevels("aiperf 0.12.0")).hasSize(23).anySatisfy(level -> {
            assertThat(level.path("workload").asString("")).isEqualTo("reranking");
            assertThat(level.path("queryTokens").asInt(0)).isEqualTo(512);
            assertThat(level.path("itemsPerRequest").asInt(0)).isEqualTo(40);
            assertThat(level.path("concurrency").asInt(0)).isEqualTo(3);
        });
    }

    @Test
    void aFailedLevelDoesNotStopTheOthersAndIsNamedAtTheEnd() throws Exception {
        RealSuite.require();
        kubelet.environment.put(StandInTool.FAILING, "passage-300tokens-64texts-concurrency3");
        kubelet.environment.put(StandInTool.SILENT, "query-20tokens-1texts-concurrency15");

        Bootstrap.Result result = run("--only", "embedding");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains(
                        "✗ passage-300tokens-64texts-concurrency3: exit code 1",
                        "✗ query-20tokens-1texts-concurrency15: no profile_export_genai_perf.json",
                        "✗ 2 of 14 levels failed: query-20tokens-1texts-concurrency15 passage-300tokens-64texts-concurrency3")
                .doesNotContain("reranking test");
        assertThat(artifacts().resolve("passage-300tokens-64texts-concurrency3"))
                .doesNotExist();
        assertThat(importedLevels()).hasSize(12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OSError: We couldn't connect to 'https://huggingface.co' to load this file, couldn't find it in the cached files",
                "MaxRetryError(\"HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: /hf-internal-testing\")",
                "huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub",
                "huggingface_hub.errors.OfflineModeIsEnabled: Cannot reach https://huggingface.co/x: offline mode is enabled."
            })
    void anAirGappedClusterIsReportedOnceWithWhatToDo(String message) throws Exception {
        kubelet.environment.put(StandInTool.OFFLINE, message);

        Bootstrap.Result result = run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(
                        "genai-perf cannot load its tokenizer: the pod probably cannot reach huggingface.co",
                        "proxy.https",
                        "--tokenizer <folder>");
        assertThat(Files.readAllLines(calls)).as("not 23 times").hasSize(1);
        assertThat(results).isEmptyDirectory();
    }

    @Test
    void aTokenizerIsPassedOnAndMissingNimsAreSkipped() throws Exception {
        suite = Path.of("none.tar");
        endpoints("reranking");
        Bootstrap.Result result = run("--tokenizer", "/opt/my tokenizer");

        assertThat(Files.readAllLines(calls))
                .hasSize(9)
                .allSatisfy(line -> assertThat(line).endsWith(" --tokenizer /opt/my tokenizer"));
        assertThat(result.out()).contains("embedding: not in endpoints.json, its levels are skipped");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "none.tar: not found (mvn package -DskipTests builds it)",
                        "mvn compile exec:java@import -Dexec.args=\"" + artifacts() + " --out " + results + "\"");
        assertThat(artifacts()).isDirectoryContaining("glob:**/reranking-512tokens-40passages-concurrency5");
    }

    @Test
    void stopFetchesTheMeasuredLevels() throws Exception {
        suite = Path.of("none.tar");
        kubelet.environment.put(
                StandInTool.HOLD, Files.createFile(node.resolve("hold")).toString());
        bootstrap.cluster.intercept(request ->
                request.getPath().contains("/log?") ? MockCluster.failure(403, "Forbidden", "not for you") : null);
        assertThat(run("--only", "reranking").err()).contains("not for you");
        bootstrap.cluster.clearIntercepts();
        kubelet.intercept();
        kubelet.patienceMillis = 1000;

        Bootstrap.Result stopped = run("--stop");

        assertThat(stopped.out()).contains("stopped: 20261122-", "results are in");
        assertThat(artifacts()).isDirectoryContaining("glob:**/reranking-512tokens-10passages-concurrency1");
        assertThat(artifacts().resolve("exit-code")).hasContent("143");
    }

    @Test
    void anImageWithoutTheToolAndMissingAddressesAreNamed() throws Exception {
        Files.delete(calls.resolveSibling("genai-perf"));
        Files.delete(calls.resolveSibling("aiperf"));

        Bootstrap.Result result = run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("✗ the image has no genai-perf; set benchmark.genaiPerfImage");
        assertThat(runTool("aiperf").out()).contains("✗ the image has no aiperf; set benchmark.aiperfImage");
        Files.delete(folder.resolve("target/endpoints.json"));
        assertThat(run().err()).contains("endpoints.json: has none of the selected NIMs", "run up");
    }

    @Test
    void aGridThatGenaiPerfCannotMeasureIsRefused() throws Exception {
        Path grid = root.resolve("simulations-data/published-grid.json");
        Files.writeString(grid, Files.readString(grid).replaceFirst("\"queryTokens\": *512", "\"queryTokens\": 20"));

        Optional<String> refused = Optional.of(run().err());

        assertThat(refused.get()).contains("reranking.queryTokens is 20 but passages have 512 tokens");
        suite = Path.of("none.tar");
        runTool("aiperf", "--only", "reranking");
        assertThat(Files.readAllLines(calls))
                .hasSize(9)
                .allSatisfy(line -> assertThat(line).contains(" --rankings-query-prompt-token-mean 20 "));
    }
}
