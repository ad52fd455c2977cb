package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import nimload.deploy.mock.Bootstrap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployTest {

    @TempDir
    Path folder;

    private Bootstrap bootstrap;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
    }

    @AfterEach
    void stop() {
        bootstrap.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "tags", "plan", "up", "status", "verify", "logs", "run", "down"})
    void helpOfEachCommandSaysWhatItDoesAndNamesTheCommonOptions(String command) {
        Bootstrap.Result result = bootstrap.run(command, "--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith("Usage: nimload-deploy " + command)
                .contains(
                        "--context=NAME",
                        "--kubeconfig=FILE",
                        "--only=NIM",
                        "--timeout=DURATION",
                        "--settings=FILE",
                        "--debug");
        assertThat(result.out().indexOf("--adopt") > 0 || !command.equals("up")).isTrue();
        assertThat(bootstrap.cluster.requests()).isEmpty();
    }

    @Test
    void helpListsTheCommandsAndTheFiveFromAnEmptyClusterToResults() {
        Bootstrap.Result result = bootstrap.run("--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("doctor", "tags", "plan", "status", "verify", "logs", "down", "image")
                .contains("mvn package -DskipTests")
                .contains("Exit codes: 0 done, 1 failed with a diagnosis, 2 wrong usage or settings.");
    }

    @Test
    void wrongUsageExitsWith2() {
        assertThat(bootstrap.run().exitCode()).isEqualTo(2);
        assertThat(bootstrap.run("upp").exitCode()).isEqualTo(2);
        assertThat(bootstrap.run("up", "--contxt", "x").exitCode()).isEqualTo(2);
        assertThat(bootstrap.run("up", "--only", "embeding").err())
                .contains("\"embeding\" is not a NIM; use embedding or reranking");
        assertThat(bootstrap.run("up", "--timeout", "20").err())
                .contains("\"20\" is not a duration; use a number followed by s, m or h, e.g. 45m");
        assertThat(bootstrap.cluster.requests()).isEmpty();
    }

    @Test
    void wrongSettingsExitWith2InOneLine() throws Exception {
        Files.writeString(folder.resolve("nims.yaml"), "embedding: {gpus: two}");

        Bootstrap.Result result = bootstrap.run("up");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .hasLineCount(1)
                .startsWith("nimload-deploy up: " + folder.resolve("nims.yaml")
                        + ":1:19: embedding.gpus: \"two\" is not valid; give a whole number");
        assertThat(bootstrap.cluster.requests()).isEmpty();
    }

    @Test
    void contextsAreChosenAndUnknownOnesNamed() {
        Bootstrap.Result unreachable = bootstrap.run("status", "--context", "other");
        Bootstrap.Result unknown = bootstrap.run("status", "--context", "prod");

        assertThat(unreachable.exitCode()).isEqualTo(1);
        assertThat(unreachable.err())
                .hasLineCount(1)
                .contains("cluster http://127.0.0.1:1", "connection refused", "check --context");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("--context prod: no such context in", "use --context with one of: mock, other");
    }

    @Test
    void missingKubeconfigIsReportedBeforeAnyRequest() {
        bootstrap.environment.remove("KUBECONFIG");
        bootstrap.environment.put("HOME", folder.toString());

        assertThat(bootstrap.run("status").err())
                .contains("no kubeconfig at $KUBECONFIG or ~/.kube/config; use --kubeconfig");
        assertThat(bootstrap
                        .run(
                                "status",
                                "--kubeconfig",
                                folder.resolve("kubeconfig").toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void brokenKubeconfigIsNamed() throws Exception {
        bootstrap.environment.put(
                "KUBECONFIG",
                Files.writeString(folder.resolve("broken"), "[1, 2").toString());

        assertThat(bootstrap.run("status").err()).hasLineCount(1).contains("broken: cannot be read as a kubeconfig");
    }
}
