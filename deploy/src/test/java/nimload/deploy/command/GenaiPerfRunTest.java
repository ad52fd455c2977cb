package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nimload.deploy.genai.GenaiGrid;
import nimload.deploy.genai.GenaiLevel;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.LoadGenerator;
import nimload.deploy.mock.LocalKubelet;
import nimload.deploy.mock.StandInGenaiPerf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** `run --tool genai-perf` with a stand-in for genai-perf; pod.sh, genai-perf.sh, the import and the suite that contains it are real. */
class GenaiPerfRunTest {

    private static final Path SUITE = Path.of("..", "target", "nimload-suite.tar");
    private static final Path GRID = Path.of("..", "simulations-data", "published-grid.json");
    private static final String POD = "genai-perf-7f6d-abc";

    @TempDir
    Path root;

    @TempDir
    Path pod;

    private Path folder;
    private Path results;
    private Path calls;
    private Bootstrap bootstrap;
    private LocalKubelet kubelet;

    @BeforeEach
    void start() throws Exception {
        assertThat(SUITE)
                .as("the suite's archive: run mvn package -DskipTests in the root project first")
                .exists();
        Files.createDirectory(root.resolve("simulations-data"));
        Files.copy(GRID, root.resolve("simulations-data/published-grid.json"));
        folder = Files.createDirectory(root.resolve("deploy"));
        results = root.resolve("nim-results");
        bootstrap = new Bootstrap(folder);
        kubelet = new LocalKubelet();
        bootstrap.cluster.intercept(kubelet::answer);
        Path bin = Files.createDirectory(pod.resolve("bin"));
        calls = StandInGenaiPerf.write(bin);
        kubelet.environment.put("PATH", bin + ":" + kubelet.environment.get("PATH"));
        endpoints("embedding", "reranking");
        LoadGenerator.put(bootstrap.cluster, "genai-perf", aPod(Map.of()));
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(pod.resolve("hold"));
        kubelet.close();
        bootstrap.close();
    }

    private static Pod aPod(Map<String, Quantity> limits) {
        return new PodBuilder(LoadGenerator.running(limits, "cpu-node-1"))
                .editMetadata()
                .withName(POD)
                .withLabels(Map.of("app.kubernetes.io/name", "genai-perf"))
                .endMetadata()
                .build();
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
        return withSuite(SUITE, more);
    }

    private Bootstrap.Result withSuite(Path suite, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--tool",
                "genai-perf",
                "--suite",
                suite.toString(),
                "--dir",
                pod.resolve("home").toString(),
                "--timeout",
                "30s"));
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
        assertThat(folders("[0-9]{8}-[0-9]{6}-genai-perf")).hasSize(1);
        return folders(".*-genai-perf").get(0);
    }

    private List<JsonNode> importedLevels() throws Exception {
        assertThat(folders("[0-9]{8}-[0-9]{6}")).hasSize(1);
        JsonNode run = new JsonMapper()
                .readTree(Files.readString(folders("[0-9]{8}-[0-9]{6}").get(0).resolve("results.json")));
        assertThat(run.path("tool").asString("")).isEqualTo("genai-perf");
        return run.path("levels").valueStream().toList();
    }

    @Test
    void the23LevelsRunWithTheGuidesCommandsAndBecomeOneOfOurRuns() throws Exception {
        Bootstrap.Result result = run();

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).as(result.out()).isZero();
        List<GenaiLevel> grid = GenaiGrid.read(GRID);
        String kept = pod.resolve("home/genai-perf").toString();
        assertThat(Files.readAllLines(calls))
                .containsExactlyElementsOf(grid.stream()
                        .map(level -> String.join(
                                " ",
                                level.command(
                                        new GenaiLevel.Target(
                                                "http://NIM-nim.NIM-nim.svc:8000"
                                                        .replace(
                                                                "NIM",
                                                                level.workload()
                                                                        .nim()
                                                                        .toString()),
                                                "nvidia/" + level.workload().nim() + "-model"),
                                        kept,
                                        java.util.Optional.empty())))
                        .toList());
        assertThat(result.out().lines().filter(line -> line.startsWith("▶")))
                .containsExactlyElementsOf(
                        grid.stream().map(GenaiLevel::announcement).toList());
        assertThat(result.out()).contains("23 levels of genai-perf: " + results);
        Path artifacts = artifacts();
        for (GenaiLevel level : grid) {
            assertThat(artifacts.resolve(level.folder()))
                    .isDirectoryContaining("glob:**/profile_export_genai_perf.json")
                    .isDirectoryContaining("glob:**/profile_export_genai_perf.csv")
                    .isDirectoryNotContaining("glob:**/profile_export.json");
            assertThat(Path.of(kept, level.folder(), "profile_export.json"))
                    .as("raw files stay in the pod")
                    .exists();
        }
        assertThat(Files.readString(artifacts.resolve("console.log"))).contains("Running Perf Analyzer");
        assertThat(artifacts.resolve("exit-code")).hasContent("0");
        assertThat(importedLevels())
                .hasSize(23)
                .anySatisfy(level -> {
                    assertThat(level.path("workload").asString("")).isEqualTo("passage");
                    assertThat(level.path("inputTokens").asInt(0)).isEqualTo(512);
                    assertThat(level.path("itemsPerRequest").asInt(0)).isEqualTo(64);
                    assertThat(level.path("concurrency").asInt(0)).isEqualTo(5);
                    assertThat(level.path("requestsPerSecond").asDouble(0)).isEqualTo(64.5);
                    assertThat(level.path("latencyMs").path("p95").asDouble(0)).isEqualTo(74.0);
                })
                .anySatisfy(level -> {
                    assertThat(level.path("workload").asString("")).isEqualTo("reranking");
                    assertThat(level.path("queryTokens").asInt(0)).isEqualTo(512);
                    assertThat(level.path("itemsPerRequest").asInt(0)).isEqualTo(40);
                });
        assertThat(pod.resolve("home/job")).doesNotExist();
        assertThat(folder.resolve("target/import")).doesNotExist();
    }

    @Test
    void aFailedLevelDoesNotStopTheOthersAndIsNamedAtTheEnd() throws Exception {
        kubelet.environment.put(StandInGenaiPerf.FAILING, "passage-300tokens-64texts-concurrency3");
        kubelet.environment.put(StandInGenaiPerf.SILENT, "query-20tokens-1texts-concurrency15");
        Path earlier = Files.createDirectories(pod.resolve("home/genai-perf/query-20tokens-1texts-concurrency15"));
        Files.writeString(earlier.resolve("profile_export_genai_perf.json"), "of an earlier run");
        Files.createFile(pod.resolve("home/genai-perf/of-nimload"));

        Bootstrap.Result result = run("--only", "embedding");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains(
                        "✗ passage-300tokens-64texts-concurrency3: exit code 1",
                        "✗ query-20tokens-1texts-concurrency15: no profile_export_genai_perf.json",
                        "✗ 2 of 14 levels failed: query-20tokens-1texts-concurrency15 passage-300tokens-64texts-concurrency3")
                .doesNotContain("reranking test");
        assertThat(Files.readAllLines(calls)).hasSize(14);
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
        kubelet.environment.put(StandInGenaiPerf.OFFLINE, message);

        Bootstrap.Result result = run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(
                        "genai-perf cannot load its tokenizer: the pod probably cannot reach huggingface.co",
                        "kubectl -n nim-benchmark set env deploy/genai-perf https_proxy=",
                        "HF_HOME=/results/huggingface",
                        "run --tool genai-perf --tokenizer /results/");
        assertThat(Files.readAllLines(calls)).as("not 23 times").hasSize(1);
        assertThat(results).isEmptyDirectory();
        assertThat(pod.resolve("home/job")).doesNotExist();
    }

    @Test
    void aTokenizerInThePodIsPassedOn() throws Exception {
        run("--only", "reranking", "--tokenizer", "/results/tokenizer");

        assertThat(Files.readAllLines(calls))
                .hasSize(9)
                .allSatisfy(line -> assertThat(line).endsWith(" --tokenizer /results/tokenizer"));
    }

    @Test
    void withoutTheSuiteTheFilesAreFetchedAndTheImportCommandIsShown() throws Exception {
        endpoints("reranking");

        Bootstrap.Result result = withSuite(root.resolve("none.tar"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("embedding: not in endpoints.json, its levels are skipped");
        assertThat(result.err())
                .hasLineCount(1)
                .contains(
                        "none.tar: not found (mvn package -DskipTests builds it)",
                        "mvn compile exec:java@import -Dexec.args=\"" + artifacts() + " --out " + results + "\"");
        assertThat(artifacts()).isDirectoryContaining("glob:**/reranking-512tokens-40passages-concurrency5");
    }

    @Test
    void aLostConnectionLeavesItRunningAndStopFetchesTheMeasuredLevels() throws Exception {
        kubelet.environment.put(
                StandInGenaiPerf.HOLD, Files.createFile(pod.resolve("hold")).toString());
        kubelet.broken.add(command -> command.contains("/pod.sh ") && command.split(" ")[3].equals("log"));
        Bootstrap.Result lost = run("--only", "reranking");
        kubelet.broken.clear();

        Bootstrap.Result second = run();
        Bootstrap.Result stopped = run("--stop");

        assertThat(lost.err()).contains("run --tool genai-perf --attach follows it");
        assertThat(second.err())
                .contains(
                        "is in progress, and two runs would distort each other; run --tool genai-perf --attach follows it, "
                                + "run --tool genai-perf --stop ends it");
        assertThat(stopped.exitCode()).as(stopped.err()).isZero();
        assertThat(stopped.out()).contains("1 level of genai-perf: ");
        assertThat(importedLevels()).hasSize(1);
        assertThat(run("--attach").err()).contains("no run in pod " + POD, "start one with run --tool genai-perf");
    }

    @Test
    void anImageWithoutGenaiPerfIsNamed() throws Exception {
        Files.delete(calls.resolveSibling("genai-perf"));

        assertThat(run().err())
                .hasLineCount(1)
                .contains("its image has no genai-perf; set benchmark.genaiPerfImage", "then run up --pod genai-perf");
    }

    @Test
    void aCpuLimitIsRefusedBeforeAnyExec() {
        try (KubernetesClient client = bootstrap.cluster.client()) {
            client.resource(aPod(Map.of("cpu", new Quantity("4")))).update();
        }

        assertThat(run().err()).hasLineCount(1).contains("has a CPU limit of 4");
        assertThat(kubelet.commands).isEmpty();
    }

    @Test
    void anEvictedPodsVolumeKeepsWhatWasMeasured() throws Exception {
        kubelet.broken.add(command -> {
            if (command.contains("/pod.sh ") && command.split(" ")[3].equals("log")) {
                try (KubernetesClient client = bootstrap.cluster.client()) {
                    client.pods().inNamespace(LoadGenerator.NAMESPACE).delete();
                }
                return true;
            }
            return false;
        });

        assertThat(run().err())
                .contains(
                        "was deleted; its volume keeps what was measured", "run --tool genai-perf --attach fetches it");
    }

    @Test
    void withoutAddressesNothingIsStarted() throws Exception {
        Files.delete(folder.resolve("target/endpoints.json"));

        assertThat(run().err()).contains("endpoints.json: has none of the selected NIMs", "run up");
        assertThat(calls).doesNotExist();
    }

    @Test
    void optionsOfTheOtherToolAreRefused() {
        for (String[] wrong : new String[][] {
            {"--simulation", "RerankingSimulation"}, {"-D", "nim.duration=1s"}, {"--set", "nim.seed=1"}, {"--embedded"}
        }) {
            Bootstrap.Result result = run(wrong);
            assertThat(result.exitCode()).as(wrong[0]).isEqualTo(2);
            assertThat(result.err())
                    .contains(": only valid for simulations; --tool genai-perf sends the guide's grid unchanged");
        }
        assertThat(bootstrap.run("run", "--tool", "aiperf").err())
                .contains("--tool aiperf: unknown tool; use simulation or genai-perf");
        assertThat(bootstrap.run("run", "--tokenizer", "x").err())
                .contains("--tokenizer: only valid with --tool genai-perf");
    }
}
