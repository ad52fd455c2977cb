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

        assertDiagnosis(seen, State.PROGRESSING, "the container is being made", "");
    }

    @Test
    void newestOfTwoEventsCountsWhateverTheirOrderInTheList() {
        Observation seen = read("pulling");
        seen.events().add(podEvent("Pulled", "2026-11-22T10:00:30Z", "Successfully pulled the init container's image"));

        assertThat(Diagnose.of(seen).text()).startsWith("pulling image");
    }

    @Test
    void eventWithOnlyAFirstTimestampIsAsOldAsThat() {
        Observation seen = read("pulling");
        seen.events().add(podEvent("Pulled", null, "Successfully pulled the init container's image"));
        seen.events().get(1).setFirstTimestamp("2026-11-22T10:00:30Z");

        assertThat(Diagnose.of(seen).text()).startsWith("pulling image");
    }

    @Test
    void scheduledPodWithoutContainerStatusIsBeingMade() {
        Observation seen = read("pulling");
        seen.events().clear();
        pod(seen).getStatus().setContainerStatuses(List.of());

        assertDiagnosis(seen, State.PROGRESSING, "the container is being made", "");
    }

    @Test
    void containerThatNeitherWaitsNorRunsIsBeingMade() {
        Observation seen = read("starting");
        container(seen).setState(new ContainerState());
        Observation withoutState = read("starting");
        container(withoutState).setState(null);

        assertDiagnosis(seen, State.PROGRESSING, "the container is being made", "");
        assertDiagnosis(withoutState, State.PROGRESSING, "the container is being made", "");
    }

    @Test
    void volumeThatCannotBeMountedIsTold() {
        assertDiagnosis(
                read("mount"),
                State.BLOCKED,
                "pod " + POD
                        + " waits for a volume: Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) former-0",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    @Test
    void volumeWasMountedOnceTheImageIsPulled() {
        Observation seen = read("mount");
        seen.events().add(podEvent("Pulled", "2026-11-22T10:01:30Z", "Successfully pulled image"));

        assertDiagnosis(seen, State.PROGRESSING, "the container is being made", "");
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
    void otherConfigurationErrorsMayHeal() {
        Observation seen = read("secret-missing");
        container(seen).getState().getWaiting().setMessage("configmap \"models\" not found");

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 cannot start: configmap \"models\" not found",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    @Test
    void crashLoopTellsTheLastWords() {
        assertDiagnosis(
                read("crash-loop", "RuntimeError: cannot bind", "exiting"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 ends with exit code 1 (3 restarts); its last words: RuntimeError: cannot bind | exiting",
                "See: kubectl -n embedding-nim logs --previous embedder-text-embedding-nim-0");
    }

    @Test
    void crashLoopIsTheSameWhileItFlapsToTerminatedOrRunning() {
        String text = "pod embedder-text-embedding-nim-0 ends with exit code 1 (3 restarts)";

        assertDiagnosis(read("crash-terminated"), State.FAILED, text, "See: kubectl");
        assertDiagnosis(read("crash-running-again"), State.FAILED, text, "See: kubectl");
    }

    @ParameterizedTest
    @CsvSource({"0, BLOCKED", "1, BLOCKED", "2, FAILED"})
    void firstRestartMayBeAHiccupAndTheSecondIsNot(int restarts, State state) {
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
    void restartsAreCountedInWords(Integer restarts, String words) {
        Observation seen = read("out-of-memory");
        container(seen).setRestartCount(restarts);

        assertThat(Diagnose.of(seen).text()).endsWith("(OOMKilled, " + words + ")");
    }

    @ParameterizedTest
    @CsvSource({
        "PermissionError: [Errno 13] Permission denied: '/opt/nim/.cache', podSecurityContext.fsGroup",
        "Authentication Error: 403, The model download is refused",
        "HTTP 401, The model download is refused",
        "Unauthorized, The model download is refused",
        "the NVIDIA driver is too old for CUDA 12.6, The node's GPU driver is too old",
        "no NVIDIA driver, See: kubectl -n embedding-nim logs --previous",
        "CUDA out of memory, See: kubectl -n embedding-nim logs --previous",
        "read timed out, The pod does not reach NGC",
        "Connection refused, The pod does not reach NGC",
        "could not resolve host, The pod does not reach NGC"
    })
    void lastWordsChooseTheNextStep(String lastWords, String next) {
        assertThat(Diagnose.of(read("crash-loop", lastWords)).next()).contains(next);
    }

    @Test
    void outOfMemoryCannotHeal() {
        assertDiagnosis(
                read("out-of-memory"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 ran out of memory (OOMKilled, 1 restart)",
                "Raise resources.limits.memory");
    }

    @Test
    void containerThatEndedWellDidNotCrash() {
        Observation seen = read("crash-running-again");
        container(seen).getLastState().getTerminated().setExitCode(0);

        assertThat(Diagnose.of(seen).text()).startsWith("loading the model (not ready 0 min after its start");
    }

    @Test
    void finishedInitContainerIsNotTheOneThatCrashes() {
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

        assertThat(Diagnose.of(seen).text()).contains("ends with exit code 1 (3 restarts)");
    }

    @ParameterizedTest
    @CsvSource({"2026-11-22T10:12:30Z, 12", "2026-11-22T10:30:59Z, 30"})
    void podMayLoadItsModelForTheWholeStartupProbe(Instant at, int minutes) {
        assertDiagnosis(
                readAt(at, "starting"),
                State.PROGRESSING,
                "loading the model (not ready " + minutes
                        + " min after its start; up to 30 min are normal while the model is downloaded)",
                "");
    }

    @Test
    void podThatIsNotReadyAfterTheStartupProbeIsHeldUp() {
        assertDiagnosis(
                readAt(Instant.parse("2026-11-22T10:31:00Z"), "starting"),
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 runs but is not ready 30 min after its start",
                "Look for errors of the download: kubectl -n embedding-nim logs embedder-text-embedding-nim-0");
    }
}
