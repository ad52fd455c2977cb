package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.LoadGenerator;
import nimload.deploy.mock.LocalKubelet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with the real suite: the command, the mock's API, real commands in a local shell, real simulations against the embedded NIM. */
class RunTest {

    /** `mvn package -DskipTests` in the root makes it; `mvn verify` there runs these tests after it. */
    private static final Path SUITE = Path.of("..", "target", "nimload-suite.tar");

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
        assertThat(SUITE)
                .as("the suite's archive: run mvn package -DskipTests in the root project first")
                .exists();
        bootstrap = new Bootstrap(folder);
        kubelet = new LocalKubelet();
        bootstrap.cluster.intercept(kubelet::answer);
        LoadGenerator.put(bootstrap.cluster, LoadGenerator.running());
    }

    @AfterEach
    void stop() {
        kubelet.close();
        bootstrap.close();
    }

    private Bootstrap.Result run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--debug",
                "--suite",
                SUITE.toString(),
                "--results",
                results.toString(),
                "--dir",
                pod.resolve("nimload").toString()));
        arguments.addAll(List.of(more));
        return bootstrap.run(arguments.toArray(String[]::new));
    }

    @Test
    void runInThePodLeavesWhatALocalRunLeaves() throws Exception {
        Bootstrap.Result result = run(
                "--embedded",
                "--simulation",
                "RerankingSimulation",
                "-Dnim.duration=300ms",
                "-D",
                "nim.warmup=100ms",
                "--set",
                "nim.rehearsal=false",
                "-Dnim.reranking.passages=10",
                "-Dnim.reranking.concurrency=1");

        System.out.println(String.join("\n", kubelet.commands));
        System.out.println(result.out());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("▶ Running reranking test: passages=10, batch=1, concurrency=1");
        assertThat(result.exitCode()).isZero();
        Path latest = results.resolve("latest");
        assertThat(Files.readAllLines(latest.resolve("results.csv"))).hasSize(2);
        System.out.println(result.out());
        System.out.println(String.join("\n", kubelet.commands));
    }
}
