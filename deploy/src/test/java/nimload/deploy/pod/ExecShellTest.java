package nimload.deploy.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import nimload.deploy.mock.LoadGenerator;
import nimload.deploy.mock.LocalKubelet;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends an upload, with short waits; the rest is in RunFlowTest. */
class ExecShellTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final PodShell.Input THREE_FRAMES = PodShell.Input.of(new byte[3 * PodShell.Input.FRAME]);

    private final MockCluster cluster = new MockCluster();
    private final LocalKubelet kubelet = new LocalKubelet();

    @BeforeEach
    void aPod() {
        cluster.intercept(kubelet::answer);
        LoadGenerator.put(cluster, LoadGenerator.running());
    }

    @AfterEach
    void close() {
        kubelet.close();
        cluster.close();
    }

    private PodShell shell(Duration silence, Duration exitCodeGrace) {
        return new ExecShell(
                cluster.client(),
                LoadGenerator.NAMESPACE,
                LoadGenerator.POD,
                "load-generator",
                new Advice("run", "use another"),
                silence,
                exitCodeGrace);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Timeout(60)
    void anUploadThatFallsSilentIsALostConnectionLongBeforeTheCommandsLimit(int taken) {
        List<String> command = List.of(
                "sh",
                "-c",
                "for frame in $(seq " + taken + "); do head -c " + PodShell.Input.FRAME
                        + " >/dev/null; printf .; done; cat >/dev/null");

        assertThatThrownBy(() ->
                        shell(Duration.ofMillis(500), Duration.ofMillis(50)).run(command, THREE_FRAMES, LONG))
                .isInstanceOf(PodShell.ConnectionLost.class)
                .hasMessage("no answer");
    }

    @Test
    @Timeout(60)
    void aCommandThatEndsDuringAnUploadReportsItsExitCode() throws Exception {
        PodShell.Output output = shell(LONG, LONG)
                .run(List.of("sh", "-c", "head -c 1 >/dev/null; echo full >&2; exit 5"), THREE_FRAMES, LONG);

        assertThat(output.exitCode()).isEqualTo(5);
        assertThat(output.lastLine()).isEqualTo("full");
    }
}
