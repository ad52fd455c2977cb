package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.ChildJvm;
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
 * `run` and what can go wrong with it, with a stand-in for the suite. The manifest, its shell lines and the stand-in run for real; the API server,
 * the Job controller and the pod around them are mocks.
 */
class RunFlowTest {

    private static final String KEY = "nvapi-A-KEY-FOR-THE-NIM-0123456789";
    private static final String NAMESPACE = "nim-benchmark";

    @TempDir
    Path folder;

    @TempDir
    Path node;

    @TempDir
    Path results;

    private Bootstrap bootstrap;
    private LocalKubelet kubelet;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
        kubelet = new LocalKubelet(bootstrap.cluster, node);
        bootstrap.whileSleeping = kubelet::step;
        // Most tests need no upload.
        StandInSuite.image(node.resolve("image"));
        bootstrap.settings("", "benchmark: {suiteImage: 'registry.local/nimload:1'}");
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(node.resolve("hold"));
        kubelet.close();
        bootstrap.close();
    }

    private String[] arguments(String... more) {
        return Stream.concat(Stream.of("run", "--results", results.toString()), Stream.of(more))
                .toArray(String[]::new);
    }

    private Bootstrap.Result run(String... more) {
        return bootstrap.run(arguments(more));
    }

    /** A run whose suite is uploaded. */
    private Bootstrap.Result upload(String... more) throws Exception {
        bootstrap.settings("");
        return run(Stream.concat(
                        Stream.of(
                                "--embedded",
                                "--suite",
                                StandInSuite.write(folder.resolve("suite.tar")).toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    /** The stand-in's run does not end before {@link #letGo}. */
    private void hold() throws Exception {
        kubelet.environment.put(
                StandInSuite.HOLD, Files.createFile(node.resolve("hold")).toString());
    }

    private void letGo() {
        try {
            Files.delete(node.resolve("hold"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves a run in progress that nobody follows. */
    private void leaveOneRunning(String... more) throws Exception {
        hold();
        refuse("/log?");
        assertThat(run(Stream.concat(Stream.of("--embedded"), Stream.of(more)).toArray(String[]::new))
                        .err())
                .contains("not for you");
        allow();
    }

    private void refuse(String path) {
        bootstrap.cluster.intercept(request ->
                request.getPath().contains(path) ? MockCluster.failure(403, "Forbidden", "not for you") : null);
    }

    private void allow() {
        bootstrap.cluster.clearIntercepts();
        kubelet.intercept();
    }

    /** Does this once, as soon as the run measures. */
    private void whileMeasuring(Runnable event) {
        AtomicInteger done = new AtomicInteger();
        bootstrap.whileSleeping = () -> {
            kubelet.step();
            boolean followed = bootstrap.cluster.requests().stream()
                    .anyMatch(request -> request.getPath().contains("/log?"));
            if (followed && kubelet.console().contains("measuring") && done.getAndIncrement() == 0) {
                event.run();
            }
        };
    }

    private Job job() {
        try (KubernetesClient client = bootstrap.cluster.client()) {
            return client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(NAMESPACE)
                    .withName("nimload-run")
                    .get();
        }
    }

    /** Its Job, ConfigMap or Secret. */
    private static boolean isOfTheRun(String object) {
        return object.matches("\\{\"apiVersion\":\"[^\"]*\",\"(data\":\\{.*\\},\")?kind\":\"(Job|Secret|ConfigMap)\".*")
                && object.contains("\"name\":\"nimload-run\"");
    }

    private void assertNothingLeft() {
        assertThat(bootstrap.cluster.objects()).noneMatch(RunFlowTest::isOfTheRun);
    }

    @Test
    void aRunComesBackAsALocalOneAndNothingStaysInTheCluster() throws Exception {
        Bootstrap.Result result = upload("-D", "nim.duration=1s", "--set", "nim.seed=7");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(
                        "created job nimload-run: 20261122-100000-PublishedGridSimulation; Ctrl-C leaves it running",
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
        assertNothingLeft();
    }

    @Test
    void theJobIsWhatPolicyAndSchedulerWant() throws Exception {
        bootstrap.environment.put("NIM_API_KEY", KEY);
        leaveOneRunning("-Dnim.seed=7");

        Job job = job();
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        var pod = job.getSpec().getTemplate().getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getContainers()).extracting(Container::getName).containsExactly("run", "results");
        assertThat(pod.getContainers()).allSatisfy(container -> {
            assertThat(container.getImage()).isEqualTo("registry.local/nimload:1");
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getLimits()).doesNotContainKey("cpu");
        });
        assertThat(pod.getAffinity().getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution())
                .extracting(term -> term.getPodAffinityTerm().getNamespaces() + " "
                        + term.getPodAffinityTerm().getLabelSelector().getMatchLabels())
                .containsExactly(
                        "[embedding-nim] {app.kubernetes.io/instance=embedder}",
                        "[reranking-nim] {app.kubernetes.io/instance=reranker}");
        assertThat(bootstrap.cluster.objects())
                .filteredOn(object -> isOfTheRun(object) && !object.contains("\"completionMode\""))
                .hasSize(2)
                .allMatch(
                        object ->
                                object.contains("\"uid\":\"" + job.getMetadata().getUid() + "\""),
                        "ends with its job");
    }

    @Test
    void anImageOfOurRegistryGetsThePullSecret() throws Exception {
        bootstrap.settings(
                "", "images: {registry: registry.local}", "benchmark: {suiteImage: 'registry.local/nimload:1'}");
        bootstrap.environment.putAll(Map.of("NIM_REGISTRY_USERNAME", "u", "NIM_REGISTRY_PASSWORD", "p"));
        leaveOneRunning();

        assertThat(job().getSpec().getTemplate().getSpec().getImagePullSecrets())
                .extracting(reference -> reference.getName())
                .containsExactly("ngc-secret");
        assertThat(bootstrap.cluster.objects())
                .anyMatch(object -> object.contains("\"kind\":\"Secret\"")
                        && object.contains("\"name\":\"ngc-secret\"")
                        && object.contains("\"namespace\":\"nim-benchmark\""));
    }

    @Test
    void aFailedRunsResultsAreFetchedAndItsExitCodeIsOurs() throws Exception {
        kubelet.environment.put(StandInSuite.EXIT, "2");

        assertThat(run("--embedded").exitCode()).isEqualTo(2);
        assertThat(results.resolve("20270101-000000/exit-code")).hasContent("2");
    }

    @Test
    void aRunOfTheSameSecondTakesTheNextOne() throws Exception {
        run("--embedded");
        run("--embedded");

        assertThat(results.resolve("latest").toRealPath())
                .isEqualTo(results.resolve("20270101-000001").toRealPath());
    }

    @Test
    void aRunThatEndsBeforeItMeasuresLeavesNothingBehind() throws Exception {
        kubelet.environment.put(StandInSuite.EARLY, "yes");

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("the run ended before it measured anything: no results");
        assertThat(result.err()).as("its log is not printed twice").doesNotContain("argument");
        assertThat(results).isEmptyDirectory();
        assertNothingLeft();
    }

    @Test
    void stopAfterAFailureWithoutResultsPrintsTheEndOfTheLogAndKeepsTheExitCode() throws Exception {
        kubelet.environment.putAll(Map.of(StandInSuite.EARLY, "yes", StandInSuite.EXIT, "7"));
        leaveOneRunning(IntStream.rangeClosed(11, 40)
                .mapToObj(number -> "-Dnim.a" + number + "=x")
                .toArray(String[]::new));
        letGo();
        while (kubelet.pod()
                        .orElseThrow()
                        .getStatus()
                        .getContainerStatuses()
                        .get(0)
                        .getState()
                        .getTerminated()
                == null) {
            kubelet.step();
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
    }

    @Test
    void aSecondRunIsRefusedUntilTheFirstIsStoppedAndStopFetchesItsResults() throws Exception {
        leaveOneRunning();

        Bootstrap.Result second = run("--embedded");
        Bootstrap.Result genaiPerf = run("--tool", "genai-perf");
        kubelet.patienceMillis = 1000;
        Bootstrap.Result stopped = run("--stop");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
                .contains(
                        "run 20261122-100000-PublishedGridSimulation is in progress, and two runs would distort each other; run --attach"
                                + " follows it, run --stop ends it");
        assertThat(genaiPerf.exitCode()).isEqualTo(1);
        assertThat(stopped.exitCode()).as(stopped.err()).isZero();
        assertThat(stopped.out()).contains("stopped: 20261122-", "results are in");
        assertThat(results.resolve("20270101-000000/exit-code")).hasContent("143");
        assertThat(run("--stop").out()).contains("no run here");
        assertThat(run("--attach").err()).contains("no run here; start one with run");
    }

    @Test
    void aLongLostConnectionEndsTheCommandAndAttachPicksTheRunUp() throws Exception {
        hold();
        kubelet.broken.add("log"::equals);
        assertThat(run("--embedded", "--timeout", "20s").err())
                .contains("no connection for 20 s", "run --attach follows it");
        kubelet.broken.clear();
        assertThat(results).isEmptyDirectory();
        letGo();

        Bootstrap.Result attached = run("--attach");

        assertThat(attached.exitCode()).isZero();
        assertThat(attached.out().lines())
                .containsOnlyOnce("argument nimload.simulation.PublishedGridSimulation", "measuring", "the end");
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"suite.tar", "log", "sha256sum", "tar -cf"})
    void aConnectionThatBreaksDoesNoHarm(String what) throws Exception {
        // The client itself repeats a read twice.
        AtomicInteger calls = new AtomicInteger();
        kubelet.broken.add(command -> command.contains(what) && calls.getAndIncrement() < 3);

        Bootstrap.Result result = upload();

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err().lines().toList())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.contains("connection lost") || line.contains("reconnected"));
        assertThat(result.out().lines().filter("measuring"::equals))
                .as("no line twice")
                .hasSize(1);
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @Test
    void corruptedResultsAreNotUsedAndStayInThePod() throws Exception {
        kubelet.garbling = (command, bytes) -> {
            if (command.endsWith("tar -cf - results gatling")) {
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

    @ParameterizedTest
    @CsvSource({
        "'echo 00112233 -', sha256sum, 'suite.tar arrived corrupted twice; nothing was started'",
        "'exec /usr/bin/head \"$@\" >/dev/full', head, 'cannot receive the suite: /usr/bin/head: error writing ''standard output'': No space left on device; free space'"
    })
    void anUploadThatFailsStartsNothing(String script, String program, String reason) throws Exception {
        Path bin = Files.createDirectories(node.resolve("bin"));
        Files.writeString(bin.resolve(program), "#!/bin/sh\n" + script + "\n");
        bin.resolve(program).toFile().setExecutable(true);
        kubelet.environment.merge("PATH", bin + ":", (path, ours) -> ours + path);

        Bootstrap.Result result = upload();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(reason);
        assertThat(node.resolve("run.log")).doesNotExist();
    }

    @Test
    void attachWithAnotherSuiteThanTheRunWaitsForIsRefused() throws Exception {
        refuse("/exec?");
        upload();
        allow();
        Path other = StandInSuite.write(folder.resolve("other.tar"));
        Files.writeString(other, "\0", java.nio.file.StandardOpenOption.APPEND);

        assertThat(run("--attach", "--suite", other.toString()).err())
                .contains("other.tar: is not the suite of run 20261122-100000-PublishedGridSimulation");
        assertThat(run("--attach", "--suite", folder.resolve("suite.tar").toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void aRunWhoseCommandWasKilledBeforeItStartedIsNamedAndStopRemovesIt() throws Exception {
        leaveOneRunning();
        Job job = job();
        run("--stop");
        job.getSpec().setSuspend(true);
        job.getMetadata().setResourceVersion(null);
        bootstrap.cluster.put(job);

        assertThat(run("--attach").err()).contains("was created but never started", "run --stop removes it");
        assertThat(run("--stop").out()).contains("it had not begun");
        assertNothingLeft();
    }

    private static UnaryOperator<Pod> failed(String reason, String message) {
        return pod -> new PodBuilder(pod)
                .editStatus()
                .withPhase("Failed")
                .withReason(reason)
                .withMessage(message)
                .endStatus()
                .build();
    }

    @Test
    void anEvictedPodEndsTheRunWithTheReasonFromKubernetesAndTheNextRunReplacesIt() throws Exception {
        hold();
        whileMeasuring(() -> kubelet.change(failed("Evicted", "The node was low on resource: memory.")));

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "is Failed, Evicted, The node was low on resource: memory.; everything in it is lost, run again");
        letGo();
        kubelet.end();
        assertThat(run("--embedded").exitCode()).isZero();
    }

    @Test
    void aDeletedPodEndsTheRun() throws Exception {
        hold();
        whileMeasuring(() -> {
            bootstrap.whileSleeping = () -> {};
            try (KubernetesClient client = bootstrap.cluster.client()) {
                client.resource(kubelet.pod().orElseThrow()).delete();
            }
        });

        assertThat(run("--embedded").err())
                .contains(
                        "the pod of run 20261122-100000-PublishedGridSimulation was deleted; everything in it is lost");
    }

    @Test
    void aRunThatIsKilledForMemoryIsFetchedAndExplained() throws Exception {
        leaveOneRunning();
        kubelet.starts = false;
        kubelet.change(pod -> {
            pod.getStatus()
                    .getContainerStatuses()
                    .get(0)
                    .setState(new io.fabric8.kubernetes.api.model.ContainerStateBuilder()
                            .withNewTerminated()
                            .withReason("OOMKilled")
                            .withExitCode(137)
                            .endTerminated()
                            .build());
            return pod;
        });

        Bootstrap.Result result = run("--attach");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("was killed before it ended: OOMKilled (exit code 137); raise limits.memory");
        assertThat(results.resolve("20270101-000000/results.csv")).exists();
    }

    @Test
    void aPodThatCannotBeginIsDiagnosedAsTheNimsAre() throws Exception {
        kubelet.starts = false;
        kubelet.admission = nimload.deploy.mock.FakeKubelet.waiting(
                "ErrImagePull", "failed to resolve reference \"registry.local/nimload:1\": not found")::apply;

        Bootstrap.Result result = run("--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("the run cannot begin: ", "registry.local/nimload:1");
        assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"cpu, 4, has a CPU limit of 4", "memory, 512Mi, 'has a memory limit of 512Mi, but the client needs 1Gi'"
    })
    void aPodWhoseLimitsWouldDistortTheRunIsRefused(String resource, String limit, String reason) throws Exception {
        kubelet.admission = pod -> {
            pod.getSpec().getContainers().get(0).getResources().setLimits(Map.of(resource, new Quantity(limit)));
            return pod;
        };

        Bootstrap.Result result = upload();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains(reason);
        assertThat(node.resolve("run.log")).doesNotExist();
        assertNothingLeft();
    }

    @Test
    void tooLittleMemoryIsRefusedAlsoWhereTheImageHoldsTheSuite() {
        kubelet.admission = pod -> {
            pod.getSpec().getContainers().get(0).getResources().setLimits(Map.of("memory", new Quantity("512Mi")));
            return pod;
        };

        assertThat(run("--embedded").err()).contains("has a memory limit of 512Mi, but the client needs 1Gi");
        assertNothingLeft();
    }

    @Test
    void aPodOnTheNimsNodeOrWithAProxyGetsAWarning() throws Exception {
        bootstrap.whileSleeping = () -> {
            bootstrap.kubelet.step();
            kubelet.step();
        };
        assertThat(bootstrap.run("up", "--only", "embedding").exitCode()).isZero();
        kubelet.admission = pod -> new PodBuilder(pod)
                .editSpec()
                .withNodeName("gpu-node-1")
                .addNewContainer()
                .withName("istio-proxy")
                .endContainer()
                .endSpec()
                .build();

        assertThat(run().out())
                .contains(
                        "is on the same node (gpu-node-1) as embedder-text-embedding-nim-0: client and NIM compete for CPU",
                        "has additional containers (istio-proxy)");
    }

    @Test
    void addressesAreThoseThatAPodCanUse() throws Exception {
        bootstrap.whileSleeping = () -> {
            bootstrap.kubelet.step();
            kubelet.step();
        };
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
                        "\"url\":\"http://embedder-text-embedding-nim.embedding-nim.svc:8000\"",
                        "\"model\":\"nvidia/nv-embedqa-e5-v5\"")
                .doesNotContain("endpoints {\"url\":\"http://203");
        Files.writeString(file, written.replace("\"mock\"", "\"elsewhere\""));
        assertThat(run().err()).contains("target/endpoints.json was written for context elsewhere, but this is mock");
    }

    @Test
    void eachReplicaIsMeasuredAtItsOwnAddress() throws Exception {
        bootstrap.settings("replicas: 2", "benchmark: {suiteImage: 'registry.local/nimload:1'}");
        bootstrap.whileSleeping = () -> {
            bootstrap.kubelet.step();
            kubelet.step();
        };
        bootstrap.run("up", "--only", "embedding");

        Bootstrap.Result result = run();

        assertThat(result.exitCode()).as(result.err()).isZero();
        String address = "http://10\\.244\\.0\\.\\d+:8000";
        assertThat(Files.readString(folder.resolve("target/endpoints.json")))
                .containsPattern("\"replicas\" : \\[ \"" + address + "\", \"" + address + "\" \\]")
                .contains("\"url\" : \"http://embedder-text-embedding-nim.embedding-nim.svc:8000\"");
        assertThat(result.out())
                .contains("embedding: 2 replicas, each at its own address")
                .containsPattern("\"url\":\"" + address + "," + address + "\"")
                .contains("\"service\":\"http://embedder-text-embedding-nim.embedding-nim.svc:8000\"");
    }

    @Test
    void withoutAddressesNothingIsStartedUnlessOneIsGiven() throws Exception {
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
    void verifyRunsTheSmallestLevelsIntoAFolderOfItsOwn() {
        Bootstrap.Result result = bootstrap.run("verify", "--embedded", "--set", "nim.duration=2s");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("argument -Dnim.query.concurrency=1", "argument -Dnim.duration=2s");
        assertThat(folder.resolve("target/verify/20270101-000000/results.csv")).exists();
    }

    @Test
    void wrongUsageTouchesNoCluster() throws Exception {
        bootstrap.settings("");
        assertThat(run("--attach", "--stop").exitCode()).isEqualTo(2);
        assertThat(run("-Dnim.apiKey=" + KEY))
                .satisfies(result -> assertThat(result.exitCode()).isEqualTo(2))
                .satisfies(result -> assertThat(result.err())
                        .contains("export NIM_API_KEY instead")
                        .doesNotContain(KEY));
        assertThat(run("-Dnim.results=x").err()).contains("use --results DIR");
        assertThat(run("-Dnim.endpoints=x").err()).contains("already passes");
        assertThat(run("-Dfile.encoding=x").err()).contains("not a setting");
        assertThat(run(
                                "--suite",
                                StandInSuite.write(folder.resolve("suite.tar")).toString(),
                                "--simulation",
                                "Rerank")
                        .err())
                .contains("--simulation Rerank: no such class", "e.g. RerankingSimulation");
        assertThat(run("--suite", folder.resolve("nothing.tar").toString()).err())
                .contains("nothing.tar: not found; build it with mvn package -DskipTests");
        for (String option : List.of("--simulation=X", "--set=nim.seed=1", "--embedded")) {
            assertThat(run("--tool", "genai-perf", option).err())
                    .contains(": only valid for simulations; --tool genai-perf sends the published grid unchanged");
        }
        assertThat(run("--tool", "perf").err())
                .contains("--tool perf: unknown tool; use simulation, genai-perf or aiperf");
        assertThat(run("--tokenizer", "x").err()).contains("--tokenizer: only valid with --tool genai-perf or aiperf");
        assertThat(bootstrap.cluster.requests()).isEmpty();
    }

    @Test
    void ctrlCEndsTheCommandAndTheRunContinues(@TempDir Path scratch) throws Exception {
        hold();
        try (ChildJvm child =
                ChildJvm.start(folder, scratch, bootstrap.environment, entry -> true, arguments("--embedded"))) {
            while (!child.out().contains("measuring")) {
                assertThat(child.isAlive()).as(child.err()).isTrue();
                kubelet.step();
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
    void aMissingPermissionToExecIsReported() throws Exception {
        refuse("/exec?");

        assertThat(upload().err())
                .hasLineCount(1)
                .contains("not allowed to exec into pods", "apply deploy/manifests/rbac.yaml");
    }

    @Test
    void theNimsKeyIsInOneSecretAndNowhereElse() throws Exception {
        bootstrap.environment.put("NIM_API_KEY", KEY);
        hold();
        List<String> seen = new ArrayList<>();
        List<String> secrets = new ArrayList<>();
        AtomicInteger logs = new AtomicInteger();
        kubelet.broken.add(what -> {
            // While it runs, when temporary files would be there.
            if (what.equals("log") && logs.getAndIncrement() == 0) {
                seen.addAll(contents(node));
                for (String object : bootstrap.cluster.objects()) {
                    (object.contains("\"kind\":\"Secret\"") ? secrets : seen).add(object);
                }
                letGo();
            }
            return false;
        });

        Bootstrap.Result result = upload("--debug");

        assertThat(result.out()).contains("a key of " + KEY.length() + " characters");
        seen.addAll(contents(node));
        seen.addAll(contents(results));
        seen.addAll(kubelet.commands);
        seen.add(result.out() + result.err());
        seen.addAll(bootstrap.cluster.objects());
        bootstrap.cluster.requests().forEach(request -> seen.add(request.getPath()));
        String encoded = java.util.Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
        assertThat(secrets).filteredOn(secret -> secret.contains(encoded)).hasSize(1);
        assertThat(seen).hasSizeGreaterThan(20).noneMatch(text -> text.contains(KEY) || text.contains(encoded));
    }

    private static List<String> contents(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<String> contents = new ArrayList<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
