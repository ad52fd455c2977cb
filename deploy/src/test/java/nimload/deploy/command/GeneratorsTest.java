package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.LocalKubelet;
import nimload.deploy.mock.MockCluster;
import nimload.deploy.mock.StandInSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run --generators}, with a stand-in for the suite and its merge. */
class GeneratorsTest {
    private static final String STAMP = "20261122-100000-PublishedGridSimulation";

    @TempDir
    Path folder;

    @TempDir
    Path node;

    @TempDir
    Path results;

    private Bootstrap bootstrap;
    private LocalKubelet kubelet;
    private Path suite;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
        bootstrap.settings("");
        kubelet = new LocalKubelet(bootstrap.cluster, node);
        bootstrap.whileSleeping = kubelet::step;
        suite = StandInSuite.writeForSeveral(folder.resolve("suite.tar"));
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(node.resolve("hold"));
        kubelet.close();
        bootstrap.close();
    }

    private Bootstrap.Result run(String... more) {
        return bootstrap.run(Stream.concat(
                        Stream.of("run", "--results", results.toString(), "--suite", suite.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private void hold() throws Exception {
        kubelet.environment.put(
                StandInSuite.HOLD, Files.createFile(node.resolve("hold")).toString());
    }

    private void letGo() {
        node.resolve("hold").toFile().delete();
    }

    /** Leaves two generators that measure until {@link #letGo}, and that nobody follows. */
    private void leaveTwoMeasuring() throws Exception {
        hold();
        bootstrap.cluster.intercept(request ->
                request.getPath().contains("/log?") ? MockCluster.failure(403, "Forbidden", "not for you") : null);
        assertThat(run("--generators", "2", "--embedded").err()).contains("not for you");
        assertThat(results).as("no hidden files after a failure").isEmptyDirectory();
        bootstrap.cluster.clearIntercepts();
        kubelet.intercept();
        while (!kubelet.console(0).contains("measuring") || !kubelet.console(1).contains("measuring")) {
            kubelet.step();
        }
    }

    /** What date tells in the pods: the test's time, and this much more. */
    private void podsClocksAreAhead(Duration ahead) {
        kubelet.garbling = (command, bytes) -> command.endsWith("date +%s%N")
                ? (""
                                + Duration.between(
                                                Instant.EPOCH,
                                                bootstrap.time.now().plus(ahead))
                                        .toNanos())
                        .getBytes(StandardCharsets.US_ASCII)
                : bytes;
    }

    private void untilEnded(int index) {
        while (kubelet.container(index, "run").getState().getTerminated() == null) {
            kubelet.step();
        }
    }

    private Path part(int generator) {
        return results.resolve(STAMP + "-generators").resolve("" + generator).resolve("latest");
    }

    private String merged(int... generators) {
        return "merged "
                + String.join(
                        " ",
                        IntStream.of(generators)
                                .mapToObj(generator -> part(generator).toString())
                                .toList())
                + " --out " + results;
    }

    @Test
    void eachGeneratorGetsItsNumberTheSameStartAndItsClockAndAllAreMerged() throws Exception {
        podsClocksAreAhead(Duration.ZERO);

        Bootstrap.Result result = run("--generators", "3", "--embedded", "--prepare", "1h");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out())
                .containsPattern("all 3 generators wait; the first level begins at 2026-11-22T11:0[0-9]:[0-9]+")
                .contains("generator 1/3 starts at", merged(1, 2, 3));
        String startAt = result.out().replaceFirst("(?s).*the first level begins at (\\S+).*", "$1");
        for (int generator = 1; generator <= 3; generator++) {
            assertThat(Files.readString(part(generator).resolve("console.log")))
                    .contains("generator " + generator + "/3 starts at " + startAt + ", its clock: known");
        }
        assertThat(bootstrap.cluster.objects()).noneMatch(object -> object.contains("\"completionMode\""));
    }

    @ParameterizedTest
    @ValueSource(longs = {-180, 0, 180})
    void afterTheLastGeneratorHasItsStartAllOfThePreparationIsLeft(long ahead) throws Exception {
        Duration skew = Duration.ofSeconds(ahead);
        podsClocksAreAhead(skew.minusSeconds(1)); // in the middle of a round trip of 2 s
        AtomicReference<Instant> lastStart = new AtomicReference<>();
        kubelet.beforeExec = command -> {
            if (command.contains("date") || command.contains("start.part")) {
                bootstrap.time.pass(Duration.ofSeconds(2));
            }
            if (command.contains("start.part")) {
                lastStart.set(bootstrap.time.now());
            }
        };

        Bootstrap.Result result = run("--generators", "2", "--embedded", "--prepare", "10s");

        assertThat(result.exitCode()).as(result.err()).isZero();
        Instant startAt = Instant.parse(
                Files.readString(part(2).resolve("console.log")).replaceFirst("(?s).* starts at ([^,]+),.*", "$1"));
        assertThat(Duration.between(lastStart.get(), startAt.minus(skew)))
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(13));
        if (ahead == 0) {
            assertThat(result.out()).doesNotContain("clocks");
        } else {
            assertThat(result.out())
                    .contains("by the pods' clocks, which are 180 s " + (ahead < 0 ? "behind" : "ahead of")
                            + " this machine's");
        }
    }

    @Test
    void aLostGeneratorCostsTheOthersNothing() throws Exception {
        hold();
        AtomicInteger lost = new AtomicInteger();
        bootstrap.whileSleeping = () -> {
            kubelet.step();
            if (kubelet.console(0).contains("measuring")
                    && kubelet.console(1).contains("measuring")
                    && lost.getAndIncrement() == 0) {
                kubelet.lose(1, "NodeLost");
                letGo();
            }
        };

        Bootstrap.Result result = run("--generators", "2", "--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "generator 2: pod nimload-run-1-abcde (namespace nim-benchmark) is Failed, NodeLost; everything"
                                + " in it is lost");
        assertThat(result.out()).contains(merged(1));
    }

    @Test
    void aRunIsInProgressWhileOneOfItsTwoGeneratorsMeasures() throws Exception {
        leaveTwoMeasuring();

        kubelet.lose(0, "NodeLost");

        assertThat(run("--generators", "2", "--embedded").err()).contains("run " + STAMP + " is in progress");
        letGo();
        untilEnded(1);
        assertThat(run("--generators", "2", "--embedded").err())
                .contains("run " + STAMP + " has ended but its results were not fetched");

        kubelet.lose(1, "NodeLost");
        kubelet.starts = false;
        assertThat(run("--generators", "2", "--embedded", "--timeout", "1s").out())
                .as("nothing is left to fetch")
                .contains("created job");
    }

    @Test
    void aRunIsInProgressUntilEachGeneratorHasEnded() throws Exception {
        leaveTwoMeasuring();

        kubelet.terminate(0);
        untilEnded(0);

        assertThat(run("--generators", "2", "--embedded").err()).contains("run " + STAMP + " is in progress");
    }

    @Test
    void attachFetchesGeneratorsThatHaveEnded() throws Exception {
        leaveTwoMeasuring();
        letGo();
        untilEnded(0);
        untilEnded(1);

        Bootstrap.Result attached = run("--attach", "--timeout", "1m");

        assertThat(attached.err()).isEmpty();
        assertThat(attached.exitCode()).isZero();
        assertThat(attached.out()).contains(merged(1, 2));
    }

    @Test
    void attachExecutesNothingThatCountsInAGeneratorThatMeasures() throws Exception {
        leaveTwoMeasuring();
        kubelet.terminate(0);
        untilEnded(0);
        int before = kubelet.commands.size();
        bootstrap.whileSleeping = () -> {
            letGo();
            kubelet.step();
        };

        assertThat(run("--attach").out()).contains(merged(1, 2));
        assertThat(kubelet.commands.subList(before, kubelet.commands.size()))
                .filteredOn(command -> !command.contains("tar -cf"))
                .containsExactly("sh -c [ -s /work/start ]");
    }

    @Test
    void attachReturnsWhatTheOthersMeasuredWhenAPodIsGone() throws Exception {
        leaveTwoMeasuring();
        kubelet.delete(1);
        letGo();

        Bootstrap.Result attached = run("--attach");

        assertThat(attached.exitCode()).isEqualTo(1);
        assertThat(attached.err())
                .contains("generator 2: the pod of run " + STAMP + " was deleted; everything in it is lost");
        assertThat(attached.out()).contains(merged(1));
    }

    @Test
    void ctrlCSaysWhetherTheRunWaitsOrContinues() throws Exception {
        hold();
        AtomicInteger steps = new AtomicInteger();
        AtomicBoolean measuring = new AtomicBoolean();
        kubelet.beforeExec = command -> {
            if (command.contains("start.part")) {
                bootstrap.lastWords.run();
            }
        };
        bootstrap.whileSleeping = () -> {
            if (steps.getAndIncrement() == 0) {
                bootstrap.lastWords.run();
            }
            kubelet.step();
            if (kubelet.console(1).contains("measuring") && !measuring.getAndSet(true)) {
                bootstrap.lastWords.run();
                letGo();
            }
        };

        String interrupted = "nimload-deploy run: interrupted; run " + STAMP + " ";
        assertThat(run("--generators", "2", "--embedded").err().lines())
                .containsExactly(
                        interrupted
                                + "waits, for 60 min at most; nothing is sent until run --attach, run --stop ends it",
                        interrupted
                                + "may lack generators that have no start yet: run --attach gives it to them, run --stop ends it",
                        interrupted
                                + "may lack generators that have no start yet: run --attach gives it to them, run --stop ends it",
                        interrupted + "continues: run --attach follows it, run --stop ends it");
    }

    @Test
    void aGeneratorThatNobodyStartsEndsAfterAnHourAndTheOthersAreNotStartedWithoutIt() throws Exception {
        Path bin = Files.createDirectories(node.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("sleep"), Path.of("/bin/true")); // an hour in seconds
        kubelet.environment.merge("PATH", bin + ":", (path, ours) -> ours + path);
        kubelet.admission = pod -> pod.getMetadata().getName().contains("-1-")
                ? new PodBuilder(pod)
                        .editStatus()
                        .withReason("Held")
                        .endStatus()
                        .build()
                : pod;
        bootstrap.settings("", "benchmark: {suiteImage: 'registry.local/nimload:1'}");
        StandInSuite.image(node.resolve("image"));
        assertThat(run("--generators", "2", "--embedded", "--timeout", "4s").exitCode())
                .isEqualTo(1);
        untilEnded(0);
        assertThat(kubelet.console(0)).isEqualTo("not started within 3600 s\n");
        Files.delete(bin.resolve("sleep"));
        kubelet.admit(1);

        Bootstrap.Result attached = run("--attach");

        assertThat(attached.exitCode()).isEqualTo(1);
        assertThat(attached.err())
                .contains("the run cannot begin: pod nimload-run-0-abcde exits with code 1 (0 restarts);"
                        + " last log lines: not started within 3600 s");
        assertThat(bootstrap.cluster.objects()).noneMatch(object -> object.contains("\"completionMode\""));
    }

    @Test
    void aGeneratorThatIsKilledForMemoryIsFetchedAndExplained() throws Exception {
        leaveTwoMeasuring();
        letGo();
        untilEnded(0);
        untilEnded(1);
        kubelet.starts = false;
        kubelet.ended(1, "OOMKilled", 137);

        Bootstrap.Result attached = run("--attach");

        assertThat(attached.exitCode()).isEqualTo(137);
        assertThat(attached.err().lines())
                .containsExactly(
                        "nimload-deploy run: generator 2: pod nimload-run-1-abcde (namespace nim-benchmark): the run was"
                                + " killed before it ended: OOMKilled (exit code 137); raise limits.memory in"
                                + " deploy/manifests/run.yaml, then run again");
        assertThat(attached.out()).contains(merged(1, 2));
    }

    @Test
    void generatorsThatMeasureNothingLeaveNothingBehind() throws Exception {
        kubelet.environment.put(StandInSuite.EARLY, "yes");

        Bootstrap.Result result = run("--generators", "2", "--embedded");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("the run ended before it measured anything: no results");
        assertThat(results).isEmptyDirectory();
    }

    @Test
    void theJobIsIndexedAndOneThatFailsEndsNoOther() throws Exception {
        kubelet.starts = false;
        assertThat(run("--generators", "2", "--embedded", "--timeout", "4s").exitCode())
                .isEqualTo(1);
        try (KubernetesClient client = bootstrap.cluster.client()) {
            Job job = client.batch()
                    .v1()
                    .jobs()
                    .inNamespace("nim-benchmark")
                    .withName("nimload-run")
                    .get();
            assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
            assertThat(job.getSpec().getCompletions()).isEqualTo(2);
            assertThat(job.getSpec().getParallelism()).isEqualTo(2);
            assertThat(job.getSpec().getBackoffLimit()).isNull();
            assertThat(job.getSpec().getBackoffLimitPerIndex()).isZero();
        }
        Bootstrap.Result stopped = run("--stop");
        assertThat(stopped.exitCode()).isZero();
        assertThat(stopped.out().lines()).containsExactly("stopped: " + STAMP + "; it had not begun");
        assertThat(stopped.err()).isEmpty();
        assertThat(bootstrap.cluster.objects()).noneMatch(object -> object.contains("\"completionMode\""));
    }

    @Test
    void whatStopLeavesIsMergedToo() throws Exception {
        leaveTwoMeasuring();

        int before = kubelet.commands.size();
        Bootstrap.Result stopped = run("--stop");
        assertThat(stopped.out()).contains("stopped: " + STAMP, merged(1, 2));
        assertThat(stopped.exitCode()).as("as for one generator").isZero();
        assertThat(kubelet.commands.subList(before, before + 2))
                .as("all are asked to end before anything else is done")
                .allMatch(command -> command.contains(": >stop;"));
        try (Stream<Path> left = Files.list(results)) {
            assertThat(left).containsExactly(results.resolve(STAMP + "-generators"));
        }
    }

    @Test
    void whatTheSuiteTakesIsWhatIsTakenHere() throws Exception {
        assertThat(Files.readString(Path.of("..", "src", "main", "java", "nimload", "plan", "Share.java")))
                .contains("int MOST = " + RunCommand.MOST_GENERATORS + ";");
    }

    @Test
    void aRoundTripInWhichThisMachinesClockWasSetBackTellsNothing() throws Exception {
        podsClocksAreAhead(Duration.ZERO);
        AtomicInteger trips = new AtomicInteger();
        kubelet.beforeExec = command -> {
            if (command.contains("date") && trips.getAndIncrement() == 2) {
                bootstrap.time.setBack(Duration.ofMinutes(1));
            }
        };

        assertThat(run("--generators", "2", "--embedded").exitCode()).isZero();
        assertThat(kubelet.commands)
                .filteredOn(command -> command.contains("start.part"))
                .hasSize(2)
                .allMatch(command -> command.contains("NIM_CLOCK=0.000/0.001ms"));
    }

    @Test
    void aNumberThatIsNotOneIsRefused() {
        assertThat(run("--generators", "0").err()).contains("--generators 0: not 1 to 1000; give e.g. --generators 2");
        assertThat(run("--generators", "2", "--tool", "aiperf").err())
                .contains("--generators: only valid for simulations");
        assertThat(run("--generators", "1001").err()).contains("--generators 1001: not 1 to 1000");
        assertThat(run("--embedded", "--prepare", "5m").err())
                .contains("--prepare: only valid with several generators; add e.g. --generators 2");
        assertThat(run("--tool", "aiperf", "--prepare", "5m").err()).contains("--prepare: only valid for simulations");
        assertThat(run("--generators", "2", "-Dnim.startAt=2026-11-26T17:00:00Z")
                        .err())
                .contains("-D nim.startAt: run gives each pod its own; use --generators N, and --prepare DURATION for a"
                        + " later start");
    }
}
