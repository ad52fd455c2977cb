package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nimload.deploy.load.Suite;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.LocalKubelet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with the real suite: the command, the mock's API, real commands in a local shell, real simulations against the embedded NIM. */
class RunTest {

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
        RealSuite.require();
        bootstrap = new Bootstrap(folder);
        kubelet = new LocalKubelet(bootstrap.cluster, pod);
        bootstrap.whileSleeping = kubelet::step;
    }

    @AfterEach
    void stop() {
        if (bootstrap != null) { // not skipped
            kubelet.close();
            bootstrap.close();
        }
    }

    private Bootstrap.Result run(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--suite", RealSuite.FILE.toString(), "--results", results.toString()));
        arguments.addAll(List.of(more));
        return bootstrap.run(arguments.toArray(String[]::new));
    }

    private static final String KEY = "nvapi-A-KEY-FOR-THE-NIM-0123456789";

    private static final String[] ONE_SHORT_LEVEL = {
        "--embedded",
        "--simulation",
        "RerankingSimulation",
        "-Dnim.duration=300ms",
        "-Dnim.warmup=100ms",
        "-Dnim.rehearsal=false",
        "-Dnim.reranking.passages=10",
        "-Dnim.reranking.concurrency=1"
    };

    @Test
    void theSuiteFitsIn60MillionBytesAndContainsNoTestLibrary() throws Exception {
        assertThat(Files.size(RealSuite.FILE)).isLessThan(60_000_000);
        System.out.println("nimload-suite.tar: " + Files.size(RealSuite.FILE) + " bytes");

        assertThat(Suite.read(RealSuite.FILE).entries())
                .contains(
                        "run.sh",
                        "simulations/gatling.conf",
                        "simulations/nimload/simulation/PublishedGridSimulation.class",
                        "classes/nimload/run/Benchmark.class")
                .noneMatch(
                        entry -> entry.matches(".*(junit|assertj|jqwik|archunit|recorder|byte-buddy|Test\\.class).*"));
    }

    @Test
    void theRealSuiteRunsInAShellAndLeavesWhatALocalRunLeaves() throws Exception {
        bootstrap.environment.put("NIM_API_KEY", KEY);
        kubelet.environment.put("LC_ALL", "POSIX"); // as in a JRE's image

        Bootstrap.Result result = run(ONE_SHORT_LEVEL);

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out())
                .contains(
                        "uploading nimload-suite.tar, " + Math.round(Files.size(RealSuite.FILE) / 1e6) + " MB",
                        "▶ Running reranking test: passages=10, batch=1, concurrency=1",
                        "embedded NIM");
        Path run = results.resolve("latest").toRealPath();
        assertThat(run.getFileName().toString()).matches("[0-9]{8}-[0-9]{6}");
        assertThat(Files.readAllLines(run.resolve("results.csv")))
                .hasSize(2)
                .last()
                .satisfies(row -> assertThat(row).startsWith("reranking,512,10,1,"));
        for (String file : List.of("results.json", "report.html", "junit.xml", "summary.md", "results.prom")) {
            assertThat(run.resolve(file)).isNotEmptyFile();
        }
        assertThat(run.resolve("gatling/index.html")).isNotEmptyFile().content().contains("report.html of nimload");
        assertThat(result.out())
                .containsPattern("\nnimload: [01] of 1 level may be quoted · results/[0-9-]+/report\\.html\n")
                .endsWith("nimload's report, the exact numbers: "
                        + results.resolve(run.getFileName()).resolve("report.html") + System.lineSeparator());
        assertThat(run.resolve("exit-code")).hasContent("0");
        assertThat(Files.readString(run.resolve("console.log"))).contains("▶ Running reranking test");
        for (Path root : List.of(pod, results)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(KEY);
                }
            }
        }
        assertThat(result.out()).doesNotContain(KEY);
        assertThat(kubelet.commands).noneMatch(command -> command.contains(KEY));
    }

    @Test
    void aSettingThatTheRunRefusesEndsItWithTheRunsLineAndExitCode() throws Exception {
        Bootstrap.Result result = run("--embedded", "-Dnim.query.concurrency=1,O,5");

        assertThat(result.out()).as(result.err()).contains("nim.query.concurrency=1,O,5: \"O\" is not a whole number");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(results).isEmptyDirectory();
    }
}
