package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.POD;
import static nimload.deploy.diagnosis.States.assertDiagnosis;
import static nimload.deploy.diagnosis.States.container;
import static nimload.deploy.diagnosis.States.pod;
import static nimload.deploy.diagnosis.States.podEvent;
import static nimload.deploy.diagnosis.States.read;
import static nimload.deploy.diagnosis.States.readAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import java.time.Instant;
import java.util.List;
import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerCauseTest {

    @Test
    void imageBeingPulledIsProgress() {
        assertDiagnosis(
                read("pulling"), State.PROGRESSING, "pulling image nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0", "");
    }

    @Test
    void pulledImageIsNoLongerBeingPulled() {
        Observation seen = read("pulling");
        seen.events().add(podEvent("Pulled", "2026-11-22T10:01:30Z", "Successfully pulled image"));

        assertDiagnosis(seen, State.PROGRESSING, "creating the container", "");
    }

    @Test
    void newestEventCountsWhateverTheOrderOfTheList() {
        Observation seen = read("pulling");
        seen.events().add(podEvent("Pulled", "2026-11-22T10:00:30Z", "Successfully pulled the init container's image"));

        assertThat(Diagnose.of(seen).text()).startsWith("pulling image");
    }

    @Test
    void eventWithOnlyAFirstTimestampIsDatedByIt() {
        Observation seen = read("pulling");
        seen.events().add(podEvent("Pulled", null, "Successfully pulled the init container's image"));
        seen.events().get(1).setFirstTimestamp("2026-11-22T10:00:30Z");

        assertThat(Diagnose.of(seen).text()).startsWith("pulling image");
    }

    @Test
    void scheduledPodWithoutContainerStatusIsBeingCreated() {
        Observation seen = read("pulling");
        seen.events().clear();
        pod(seen).getStatus().setContainerStatuses(List.of());

        assertDiagnosis(seen, State.PROGRESSING, "creating the container", "");
    }

    @Test
    void containerThatNeitherWaitsNorRunsIsBeingCreated() {
        Observation seen = read("starting");
        container(seen).setState(new ContainerState());
        Observation withoutState = read("starting");
        container(withoutState).setState(null);

        assertDiagnosis(seen, State.PROGRESSING, "creating the container", "");
        assertDiagnosis(withoutState, State.PROGRESSING, "creating the container", "");
    }

    @Test
    void volumeThatCannotBeMountedIsReported() {
        assertDiagnosis(
                read("mount"),
                State.BLOCKED,
                "pod " + POD
                        + " is waiting for a volume: Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) former-0",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    @Test
    void volumeWasMountedOnceTheImageIsPulled() {
        Observation seen = read("mount");
        seen.events().add(podEvent("Pulled", "2026-11-22T10:01:30Z", "Successfully pulled image"));

        assertDiagnosis(seen, State.PROGRESSING, "creating the container", "");
    }

    @Test
    void missingApiSecretIsNamed() {
        assertDiagnosis(
                read("secret-missing"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 cannot start: secret \"ngc-api\" not found",
                "Export NGC_API_KEY and run up again");
    }

    @Test
    void otherConfigurationErrorsMayResolveThemselves() {
        Observation seen = read("secret-missing");
        container(seen).getState().getWaiting().setMessage("configmap \"models\" not found");

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 cannot start: configmap \"models\" not found",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    @Test
    void crashLoopShowsTheLastLogLines() {
        assertDiagnosis(
                read("crash-loop", "RuntimeError: cannot bind", "exiting"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 exits with code 1 (3 restarts); last log lines: RuntimeError: cannot bind | exiting",
                "See: kubectl -n embedding-nim logs --previous embedder-text-embedding-nim-0");
    }

    @Test
    void crashLoopIsTheSameWhileTerminatedOrRunning() {
        String text = "pod embedder-text-embedding-nim-0 exits with code 1 (3 restarts)";

        assertDiagnosis(read("crash-terminated"), State.FAILED, text, "See: kubectl");
        assertDiagnosis(read("crash-running-again"), State.FAILED, text, "See: kubectl");
    }

    @ParameterizedTest
    @CsvSource({"0, BLOCKED", "1, BLOCKED", "2, FAILED"})
    void oneRestartMayBeAGlitchAndTwoAreNot(int restarts, State state) {
        Observation seen = read("crash-first");
        container(seen).setRestartCount(restarts);

        assertThat(Diagnose.of(seen).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"0, BLOCKED", "1, FAILED"})
    void backOffAfterARestartIsACrashLoop(int restarts, State state) {
        Observation seen = read("crash-loop");
        container(seen).setRestartCount(restarts);

        assertThat(Diagnose.of(seen).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 restarts", "1, 1 restart", "2, 2 restarts", ", 0 restarts"})
    void restartsAreShownWithTheRightPlural(Integer restarts, String text) {
        Observation seen = read("out-of-memory");
        container(seen).setRestartCount(restarts);

        assertThat(Diagnose.of(seen).text()).endsWith("(OOMKilled, " + text + ")");
    }

    @ParameterizedTest
    @CsvSource({
        "PermissionError: [Errno 13] Permission denied: '/opt/nim/.cache', podSecurityContext.fsGroup",
        "Authentication Error: 403, The model download was refused",
        "HTTP 401, The model download was refused",
        "Unauthorized, The model download was refused",
        "the NVIDIA driver is too old for CUDA 12.6, The node's GPU driver is too old",
        "no NVIDIA driver, See: kubectl -n embedding-nim logs --previous",
        "CUDA out of memory, See: kubectl -n embedding-nim logs --previous",
        "read timed out, The pod cannot reach NGC",
        "Connection refused, The pod cannot reach NGC",
        "could not resolve host, The pod cannot reach NGC"
    })
    void lastLogLineChoosesTheNextStep(String line, String next) {
        assertThat(Diagnose.of(read("crash-loop", line)).next()).contains(next);
    }

    @Test
    void outOfMemoryFails() {
        assertDiagnosis(
                read("out-of-memory"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 ran out of memory (OOMKilled, 1 restart)",
                "Raise resources.limits.memory");
    }

    @Test
    void containerThatExitedWith0DidNotCrash() {
        Observation seen = read("crash-running-again");
        container(seen).getLastState().getTerminated().setExitCode(0);

        assertThat(Diagnose.of(seen).text()).startsWith("loading the model (not ready 0 min after start");
    }

    @Test
    void finishedInitContainerIsSkipped() {
        Observation seen = read("crash-loop");
        ContainerStatus done = new ContainerStatusBuilder()
                .withName("init")
                .withReady(true)
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .endTerminated()
                .endState()
                .build();
        pod(seen).getStatus().setInitContainerStatuses(List.of(done));

        assertThat(Diagnose.of(seen).text()).contains("exits with code 1 (3 restarts)");
    }

    @ParameterizedTest
    @CsvSource({"2026-11-22T10:12:30Z, 12", "2026-11-22T10:30:59Z, 30"})
    void podMayLoadItsModelAsLongAsTheStartupProbeAllows(Instant at, int minutes) {
        assertDiagnosis(
                readAt(at, "starting"),
                State.PROGRESSING,
                "loading the model (not ready " + minutes
                        + " min after start; up to 30 min is normal while the model downloads)",
                "");
    }

    @Test
    void podThatIsNotReadyAfterTheStartupProbeIsBlocked() {
        assertDiagnosis(
                readAt(Instant.parse("2026-11-22T10:31:00Z"), "starting"),
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 is running but not ready 30 min after start",
                "Look for download errors: kubectl -n embedding-nim logs embedder-text-embedding-nim-0");
    }
}
