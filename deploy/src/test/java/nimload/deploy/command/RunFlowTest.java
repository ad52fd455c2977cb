package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.ChildJvm;
import nimload.deploy.mock.LoadGenerator;
import nimload.deploy.mock.LocalKubelet;
import nimload.deploy.mock.MockCluster;
import nimload.deploy.mock.StandInSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * `run` and what can go wrong with it, with a stand-in for the suite; pod.sh and its commands are real, the API server and the pod around them are
 * mocks.
 */
class RunFlowTest {

    private static final String KEY = "nvapi-A-KEY-FOR-THE-NIM-0123456789";

    @TempDir
    Path folder;

    @TempDir
    Path pod;

    @TempDir
    Path results;

    private Bootstrap bootstrap;
    private LocalKubelet kubelet;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
        kubelet = new LocalKubelet();
        bootstrap.cluster.intercept(kubelet::answer);
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(pod.resolve("hold"));
        kubelet.close();
        bootstrap.close();
    }

    private String[] arguments(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--suite",
                StandInSuite.write(folder.resolve("suite.tar")).toString(),
                "--results",
                results.toString(),
                "--dir",
                pod.resolve("home").toString(),
                "--timeout",
                "30s"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private Bootstrap.Result run(String... more) throws Exception {
        return bootstrap.run(arguments(more));
    }

    private void aPod() {
        LoadGenerator.put(bootstrap.cluster, LoadGenerator.running());
    }

    /** The stand-in's run does not end before {@link #letGo}. */
    private void hold() throws Exception {
        kubelet.environment.put(
                StandInSuite.HOLD, Files.createFile(pod.resolve("hold")).toString());
    }

    private void letGo() throws Exception {
        Files.delete(pod.resolve("hold"));
    }

    /** Leaves a run in progress in the pod that nobody follows. */
    private void leaveOneRunning(String... more) throws Exception {
        hold();
        kubelet.broken.add(isAction("log"));
        assertThat(run(Stream.concat(Stream.of("--embedded"), Stream.of(more)).toArray(String[]::new))
                        .err())
                .contains("run --attach follows it");
        kubelet.broken.clear();
    }

    private static Predicate<String> isAction(String action) {
        return command -> command.contains("/pod.sh ") && command.split(" ")[3].equals(action);
    }

    private List<String> actions() {
        return kubelet.commands.stream()
                .filter(command -> command.startsWith("sh /"))
                .map(command -> command.split(" ")[3])
                .toList();
    }

    /** The programs of the pod's image: those of this machine, with scripts in place of some. */
    private Path image(Map<String, String> scripts, String... programs) throws Exception {
        Path bin = Files.createDirectory(pod.resolve("bin"));
        Map<String, String> all = new LinkedHashMap<>(scripts);
        for (String program : programs) {
            for (String path : System.getenv("PATH").split(":")) {
                if (Files.isExecutable(Path.of(path, program))) {
                    all.putIfAbsent(program, "exec " + Path.of(path, program) + " \"$@\"");
                }
            }
        }
        for (var script : all.entrySet()) {
            Files.writeString(bin.resolve(script.getKey()), "#!/bin/sh\n" + script.getValue() + "\n");
            bin.resolve(script.getKey()).toFile().setExecutable(true);
        }
        return bin;
    }

    private void path(String value) {
        kubelet.environment.put("PATH", value);
    }

    @Test
    void filesComeBackAsFromALocalRunAndThePodIsFreeAgain() throws Exception {
        aPod();

        Bootstrap.Result result = run("--embedded", "-D", "nim.duration=1s", "--set", "nim.seed=7");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(
                        "uploading suite.tar",
                        "argument nimload.simulation.PublishedGridSimulation",
                        "argument -Dnim.duration=1s",
                        "argument -Dnim.seed=7",
                        "the end",
                        "results are in " + results.resolve("20270101-000000"));
        Path run = results.resolve("20270101-000000");
        assertThat(run.resolve("results.csv")).hasContent("header");
        assertThat(run.resolve("gatling/index.html")).hasContent("<html>");
        assertThat(run.resolve("exit-code")).hasContent("0");
        assertThat(Files.readString(run.resolve("console.log"))).contains("measuring\nthe end\n");
        assertThat(results.resolve("latest").toRealPath()).isEqualTo(run.toRealPath());
        try (Stream<Path> left = Files.list(results)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("20270101-000000", "latest");
        }
        assertThat(pod.resolve("home/job")).doesNotExist();
    }

    @Test
    void theSameSuiteIsUploadedOnceAndARunOfTheSameSecondTakesTheNextOne() throws Exception {
        aPod();
        run("--embedded");

        Bootstrap.Result second = run("--embedded");

        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).contains("suite.tar is already in the pod");
        assertThat(actions()).containsOnlyOnce("install");
        assertThat(results.resolve("20270101-000001/results.csv")).exists();
        assertThat(results.resolve("latest").toRealPath())
                .isEqualTo(results.resolve("20270101-000001").toRealPath());
    }

    @Test
    void aFailedRunsResultsAreFetchedAndItsExitCodeIsOurs() throws Exception {
        aPod();
        kubelet.environment.put(StandInSuite.EXIT, "2");

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(results.resolve("20270101-000000/exit-code")).hasContent("2");
    }

    @Test
    void aRunThatEndsBeforeItMeasuresLeavesNothingBehind() throws Exception {
        aPod();
        kubelet.environment.put(StandInSuite.EARLY, "yes");

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("the run ended before it measured anything: no results");
        assertThat(result.err()).as("its log is not printed twice").doesNotContain("argument");
        assertThat(results).isEmptyDirectory();
        assertThat(pod.resolve("home/job")).doesNotExist();
    }

    @Test
    void stopAfterAFailureWithoutResultsPrintsTheEndOfTheLogAndKeepsTheExitCode() throws Exception {
        aPod();
        kubelet.environment.putAll(Map.of(StandInSuite.EARLY, "yes", StandInSuite.EXIT, "7"));
        leaveOneRunning(IntStream.rangeClosed(11, 40)
                .mapToObj(number -> "-Dnim.a" + number + "=x")
                .toArray(String[]::new));
        letGo();
        while (!Files.exists(pod.resolve("home/job/exit-code"))) {
            Thread.onSpinWait();
        }

        Bootstrap.Result stopped = run("--stop");

        assertThat(stopped.exitCode()).isEqualTo(7);
        assertThat(stopped.out())
                .contains("already ended: 20261122-", "the run ended before it measured anything: no results")
                .doesNotContain("argument");
        assertThat(stopped.err())
                .contains("argument -Dnim.a22=x", "argument -Dnim.a40=x", "a key of 0 characters")
                .as("20 lines are enough")
                .doesNotContain("-Dnim.a21=x");
        assertThat(results).isEmptyDirectory();
        assertThat(pod.resolve("home/job")).doesNotExist();
    }

    @Test
    void stopOfARunWithoutResultsIsNotAFailure() throws Exception {
        aPod();
        kubelet.environment.put(StandInSuite.EARLY, "yes");
        leaveOneRunning();

        Bootstrap.Result stopped = run("--stop");

        assertThat(stopped.exitCode()).isZero();
        assertThat(stopped.out()).contains("stopped: 20261122-", "no results");
        assertThat(stopped.err()).contains("a key of 0 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"install", "start", "state", "log", "sum", "fetch", "remove"})
    void aConnectionThatBreaksOnceDoesNoHarm(String action) throws Exception {
        aPod();
        AtomicInteger calls = new AtomicInteger();
        // `start`, `state` and `remove` print little or nothing: their response is lost as a whole.
        kubelet.lost.add(command -> isAction(action).test(command) && calls.getAndIncrement() == 0);

        Bootstrap.Result result = run("--embedded");

        // On a busy machine a connection may also break by itself.
        assertThat(result.err().lines().toList())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.contains("connection to the pod lost") || line.contains("reconnected"))
                .satisfies(lines -> assertThat(lines.get(lines.size() - 1)).contains("reconnected"));
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().filter("measuring"::equals))
                .as("no log line twice")
                .hasSize(1);
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @Test
    void aLongLostConnectionEndsTheCommandAndAttachPicksTheRunUp() throws Exception {
        aPod();
        leaveOneRunning();
        assertThat(results).isEmptyDirectory();
        letGo();

        Bootstrap.Result attached = run("--attach");

        assertThat(attached.exitCode()).isZero();
        assertThat(attached.out()).contains("argument nimload.simulation.PublishedGridSimulation", "the end");
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @Test
    void aSecondRunIsRefusedUntilTheFirstIsStoppedAndStopFetchesItsResults() throws Exception {
        aPod();
        leaveOneRunning();

        Bootstrap.Result second = run("--embedded");
        Bootstrap.Result stopped = run("--stop");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
                .contains(
                        "is in progress, and two runs would distort each other; run --attach follows it, run --stop ends it");
        assertThat(stopped.exitCode()).isZero();
        assertThat(stopped.out()).contains("stopped: 20261122-", "results are in");
        assertThat(results.resolve("20270101-000000/exit-code")).hasContent("143");
        assertThat(run("--stop").out()).contains("no run in pod " + LoadGenerator.POD);
        assertThat(run("--attach").err()).contains("no run in pod " + LoadGenerator.POD, "start one with run");
    }

    @Test
    void corruptedResultsAreNotUsedAndStayInThePod() throws Exception {
        aPod();
        kubelet.garbling = (command, bytes) -> {
            if (isAction("fetch").test(command)) {
                bytes[600]++;
            }
            return bytes;
        };

        Bootstrap.Result garbled = run("--embedded");

        assertThat(garbled.exitCode()).isEqualTo(1);
        assertThat(garbled.err()).contains("the results arrived corrupted twice", "run --attach fetches them");
        assertThat(results).isEmptyDirectory();
        assertThat(run("--embedded").err())
                .contains("has ended but its results were not fetched; run --attach fetches them");
        kubelet.garbling = (command, bytes) -> bytes;
        assertThat(run("--attach").exitCode()).isZero();
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @Test
    void aCorruptedUploadStartsNothing() throws Exception {
        aPod();
        path(image(Map.of("sha256sum", "cat >/dev/null; echo 00112233 -")) + ":" + kubelet.environment.get("PATH"));

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("suite.tar arrived corrupted twice", "with checksum 00112233", "nothing was started");
        assertThat(actions()).doesNotContain("start");
    }

    @Test
    void aFullDiskIsReportedWithItsFolder() throws Exception {
        aPod();
        path(image(Map.of(
                        "head",
                        "[ \"$2\" -gt 10000 ] || exec /usr/bin/head \"$@\"; exec /usr/bin/head \"$@\" >/dev/full"))
                + ":" + kubelet.environment.get("PATH"));

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("cannot receive suite.tar: no space left in " + pod.resolve("home"), "use another --dir");
    }

    @Test
    void anEvictedPodEndsTheRunWithTheReasonFromKubernetes() throws Exception {
        aPod();
        hold();
        kubelet.broken.add(command -> {
            if (isAction("log").test(command)) {
                replace(pod -> new PodBuilder(pod)
                        .editStatus()
                        .withPhase("Failed")
                        .withReason("Evicted")
                        .withMessage("The node was low on resource: memory.")
                        .endStatus()
                        .build());
                return true;
            }
            return false;
        });

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "is Failed, Evicted, The node was low on resource: memory.",
                        "everything in it is lost",
                        "run again");
    }

    @Test
    void aDeletedPodEndsTheRun() throws Exception {
        aPod();
        kubelet.broken.add(command -> {
            if (isAction("log").test(command)) {
                try (KubernetesClient client = bootstrap.cluster.client()) {
                    client.pods().inNamespace(LoadGenerator.NAMESPACE).delete();
                }
                return true;
            }
            return false;
        });

        assertThat(run("--embedded").err())
                .contains("pod " + LoadGenerator.POD
                        + " (namespace nim-benchmark) was deleted; everything in it is lost");
    }

    private void replace(java.util.function.UnaryOperator<Pod> change) {
        try (KubernetesClient client = bootstrap.cluster.client()) {
            Pod pod = client.pods()
                    .inNamespace(LoadGenerator.NAMESPACE)
                    .withName(LoadGenerator.POD)
                    .get();
            client.resource(change.apply(pod)).updateStatus();
        }
    }

    @Test
    void aMissingPermissionToExecIsReported() throws Exception {
        aPod();
        bootstrap.cluster.intercept(request -> request.getPath().contains("/exec?")
                ? MockCluster.failure(
                        403, "Forbidden", "pods \"x\" is forbidden: User \"dev\" cannot get resource \"pods/exec\"")
                : null);

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(
                        "not allowed to exec into pods in namespace nim-benchmark", "apply deploy/manifests/rbac.yaml");
    }

    @Test
    void anImageWithoutTarOrJavaOrShIsNamedBeforeAnyUpload() throws Exception {
        aPod();
        path(image(Map.of(), "sha256sum", "head", "tail", "wc", "grep", "mkdir", "mv")
                .toString());

        Bootstrap.Result withoutTar = run("--embedded");
        kubelet.missing = "sh";
        Bootstrap.Result withoutShell = run("--embedded");

        assertThat(withoutTar.err())
                .hasLineCount(1)
                .contains("its image has no tar, no java; set benchmark.loadGeneratorImage");
        assertThat(withoutShell.err())
                .hasLineCount(1)
                .contains("its image has no sh; set benchmark.loadGeneratorImage");
        assertThat(actions()).isEmpty();
    }

    @Test
    void anOldJavaIsRefusedBeforeAnyUpload() throws Exception {
        aPod();
        path(image(Map.of("java", "echo 'openjdk version \"11.0.24\" 2024-07-16' >&2")) + ":"
                + kubelet.environment.get("PATH"));
        kubelet.java = pod.resolve("bin/java").toString();

        assertThat(run("--embedded").err()).contains("its image has Java 11, but the simulations need 17 or later");
        assertThat(actions()).doesNotContain("install");
    }

    @ParameterizedTest
    @CsvSource({
        "cpu, 4, has a CPU limit of 4",
        "cpu, 500m, has a CPU limit of 500m",
        "memory, 512Mi, 'has a memory limit of 512Mi, but the client needs 1Gi'"
    })
    void aPodWhoseLimitsWouldDistortTheRunIsRefusedBeforeAnyExec(String resource, String limit, String reason)
            throws Exception {
        LoadGenerator.put(
                bootstrap.cluster, LoadGenerator.running(Map.of(resource, new Quantity(limit)), "cpu-node-1"));

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains(reason);
        assertThat(kubelet.commands).isEmpty();
    }

    @Test
    void aPodOnTheNimsNodeOrWithAProxyGetsAWarning() throws Exception {
        bootstrap.run("up", "--only", "embedding");
        LoadGenerator.put(
                bootstrap.cluster,
                new PodBuilder(LoadGenerator.running(Map.of(), "gpu-node-1"))
                        .editSpec()
                        .addNewContainer()
                        .withName("istio-proxy")
                        .endContainer()
                        .endSpec()
                        .build());

        assertThat(run().out())
                .contains(
                        "is on the same node (gpu-node-1) as embedder-text-embedding-nim-0: client and NIM compete for CPU",
                        "has additional containers (istio-proxy)");
    }

    @Test
    void addressesAreThoseThatAPodCanUse() throws Exception {
        aPod();
        bootstrap.run("up", "--only", "embedding");
        Path file = folder.resolve("target/endpoints.json");
        String written = Files.readString(file);
        Files.writeString(
                file,
                written.replaceAll("\"url\" : \"[^\"]*\"", "\"url\" : \"http://203.0.113.7:30080\"")
                        .replace("\"reachedBy\" : \"service\"", "\"reachedBy\" : \"nodePort\""));

        Bootstrap.Result result = run();

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        "embedding: http://embedder-text-embedding-nim.embedding-nim.svc:8000 from inside the cluster, instead of http://203.0.113.7:30080",
                        "argument -Dnim.endpoints=endpoints.json",
                        "\"url\":\"http://embedder-text-embedding-nim.embedding-nim.svc:8000\"",
                        "\"model\":\"nvidia/nv-embedqa-e5-v5\"")
                .doesNotContain("endpoints {\"url\":\"http://203");
        Files.writeString(file, written.replace("\"mock\"", "\"elsewhere\""));
        assertThat(run().err()).contains("target/endpoints.json was written for context elsewhere, but this is mock");
    }

    @Test
    void withoutAddressesNothingIsStartedUnlessOneIsGiven() throws Exception {
        aPod();

        Bootstrap.Result without = run();
        Bootstrap.Result given = run("-Dnim.reranking.url=http://10.0.0.6:8000");

        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.err()).contains("has none of the selected NIMs", "run up", "--embedded");
        assertThat(given.exitCode()).isZero();
        assertThat(given.out())
                .contains("argument -Dnim.reranking.url=http://10.0.0.6:8000")
                .doesNotContain("nim.endpoints");
    }

    @Test
    void aMissingPodIsReportedWithTheCommandThatCreatesIt() throws Exception {
        assertThat(run("--embedded").err())
                .contains("namespace nim-benchmark has no deployment load-generator; run up --pod load-generator");
        LoadGenerator.put(
                bootstrap.cluster,
                new PodBuilder(LoadGenerator.running())
                        .editStatus()
                        .withPhase("Pending")
                        .endStatus()
                        .build());
        assertThat(run("--embedded").err())
                .contains("has no running pod: " + LoadGenerator.POD
                        + " is Pending; see kubectl -n nim-benchmark describe pods");
    }

    @Test
    void wrongUsageTouchesNoCluster() throws Exception {
        assertThat(run("--attach", "--stop").exitCode()).isEqualTo(2);
        assertThat(run("-Dnim.apiKey=" + KEY))
                .satisfies(result -> assertThat(result.exitCode()).isEqualTo(2))
                .satisfies(result -> assertThat(result.err())
                        .contains("export NIM_API_KEY instead")
                        .doesNotContain(KEY));
        assertThat(run("-Dnim.results=x").err()).contains("use --results DIR");
        assertThat(run("-Dnim.endpoints=x").err()).contains("already passes");
        assertThat(run("-Dfile.encoding=x").err()).contains("not a setting");
        assertThat(run("--simulation", "Rerank").err())
                .contains("--simulation Rerank: no such class", "e.g. RerankingSimulation");
        assertThat(bootstrap
                        .run("run", "--suite", folder.resolve("nothing.tar").toString())
                        .err())
                .contains("nothing.tar: not found; build it with mvn package -DskipTests");
        assertThat(bootstrap.cluster.requests()).isEmpty();
    }

    @Test
    void theNimsKeyReachesTheRunButNoCommandLineFileOrOutput() throws Exception {
        aPod();
        hold();
        bootstrap.environment.put("NIM_API_KEY", KEY);
        List<String> files = new ArrayList<>();
        AtomicInteger logs = new AtomicInteger();
        kubelet.broken.add(command -> {
            // While it runs, when temporary files would be there.
            if (isAction("log").test(command) && logs.getAndIncrement() == 0) {
                files.addAll(contents(pod));
                try {
                    letGo();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return false;
        });

        Bootstrap.Result result = run("--embedded", "--debug");

        assertThat(result.out()).contains("a key of " + KEY.length() + " characters");
        files.addAll(contents(pod));
        files.addAll(contents(results));
        assertThat(files).hasSizeGreaterThan(5).noneMatch(text -> text.contains(KEY));
        assertThat(kubelet.commands).isNotEmpty().noneMatch(text -> text.contains(KEY));
        assertThat(result.out() + result.err()).doesNotContain(KEY);
        assertThat(bootstrap.cluster.objects()).noneMatch(text -> text.contains(KEY));
        assertThat(bootstrap.cluster.requests())
                .noneMatch(request -> request.getPath().contains(KEY));
    }

    private static List<String> contents(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<String> contents = new ArrayList<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return contents;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void ctrlCEndsTheCommandAndTheRunContinues(@TempDir Path scratch) throws Exception {
        aPod();
        hold();
        try (ChildJvm child =
                ChildJvm.start(folder, scratch, bootstrap.environment, entry -> true, arguments("--embedded"))) {
            while (!child.out().contains("measuring")) {
                assertThat(child.isAlive()).as(child.err()).isTrue();
                Thread.onSpinWait();
            }
            child.signal("INT");

            assertThat(child.exitCode(20)).isEqualTo(130);
            assertThat(child.err()).contains("continues: run --attach follows it, run --stop ends it");
        }
        letGo();

        assertThat(run("--attach").exitCode()).isZero();
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @Test
    void aRunWithoutAnExitCodeIsExplainedByItsContainerAndItsResultsAreFetched() throws Exception {
        aPod();
        leaveOneRunning();
        replace(pod -> new PodBuilder(pod)
                .editStatus()
                .addNewContainerStatus()
                .withName("load-generator")
                .withNewLastState()
                .withNewTerminated()
                .withReason("OOMKilled")
                .withExitCode(137)
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build());
        // As after a restart of the container: the process no longer exists.
        String supervisor = Files.readString(pod.resolve("home/job/pid")).strip();
        String command = Files.readString(pod.resolve("home/job/command-pid")).strip();
        new ProcessBuilder("kill", "-KILL", supervisor, command).start().waitFor();

        Bootstrap.Result result = run("--attach");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("killed before it ended: its container was restarted after OOMKilled (exit code 137)");
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }
}
