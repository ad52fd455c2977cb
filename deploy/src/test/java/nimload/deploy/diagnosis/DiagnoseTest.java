package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.POD;
import static nimload.deploy.diagnosis.States.assertDiagnosis;
import static nimload.deploy.diagnosis.States.copy;
import static nimload.deploy.diagnosis.States.event;
import static nimload.deploy.diagnosis.States.pod;
import static nimload.deploy.diagnosis.States.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pod is judged, whether it is current, and what is reported while there is none. */
class DiagnoseTest {

    private static final Optional<String> DEPLOYMENT = Optional.empty();

    @Test
    void oneLineNamesTheCauseAndTheNextStepIfThereIsOne() {
        assertThat(Diagnosis.ready("ready")).hasToString("ready");
        assertThat(Diagnosis.failed("out of memory", "Raise the limit")).hasToString("out of memory. Raise the limit");
    }

    @Test
    void newestPodIsJudgedAfterAnUpgrade() {
        Observation seen = read("crash-loop");
        Pod old = copy(pod(seen), "old", "2026-11-22T09:00:00Z");
        Pod earlier = copy(pod(seen), "earlier", "2026-11-22T08:00:00Z");
        seen.pods().add(0, old);
        seen.pods().add(earlier);

        assertThat(Diagnose.of(seen).text()).startsWith("pod " + POD + " exits with code 1");
    }

    @Test
    void podThatIsBeingDeletedIsNotJudged() {
        Observation seen = read("crash-loop");
        Pod deleted = copy(pod(seen), "deleted", "2026-11-22T11:00:00Z");
        deleted.getMetadata().setDeletionTimestamp("2026-11-22T11:00:30Z");
        seen.pods().add(deleted);

        assertThat(Diagnose.of(seen).text()).startsWith("pod " + POD + " exits with code 1");
    }

    @Test
    void withoutAPodItWaitsForOne() {
        Observation seen = read("ready");
        seen.pods().clear();

        assertDiagnosis(seen, State.PROGRESSING, "waiting for the pod to be created", "");
    }

    @Test
    void withOnlyDeletedPodsItWaitsForTheirEnd() {
        Observation seen = read("ready");
        pod(seen).getMetadata().setDeletionTimestamp("2026-11-22T10:01:00Z");

        assertDiagnosis(seen, State.PROGRESSING, "waiting for the old pod to terminate", "");
    }

    @Test
    void quotaThatForbidsThePodFails() {
        Observation seen = read("quota");

        assertDiagnosis(
                seen,
                State.FAILED,
                "no pod can be created: " + seen.events().get(0).getMessage(),
                "Ask for a larger quota, or lower resources and gpus in the settings file. See: kubectl -n embedding-nim describe resourcequota");
    }

    @ParameterizedTest
    @CsvSource({
        "pods \"x\" is forbidden: violates PodSecurity \"restricted\", FAILED, Set podSecurityContext and containerSecurityContext",
        "admission webhook denied the request, BLOCKED, See: kubectl -n embedding-nim get events"
    })
    void controllersMessageChoosesTheNextStep(String message, State state, String next) {
        Observation seen = read("quota");
        seen.events().get(0).setMessage(message);

        assertDiagnosis(seen, state, "no pod can be created: " + message, next);
    }

    @Test
    void newestFailureToCreateAPodIsReported() {
        Observation seen = read("quota");
        seen.events().add(event("StatefulSet", "embedder", "FailedCreate", "2026-11-22T09:00:00Z", "an old failure"));

        assertThat(Diagnose.of(seen).text()).contains("exceeded quota");
    }

    @Test
    void failuresOfOtherReleasesAndOtherEventsDoNotCount() {
        Observation seen = read("quota");
        seen.events().clear();
        seen.events().add(event("StatefulSet", "reranker", "FailedCreate", "2026-11-22T10:01:00Z", "exceeded quota"));
        seen.events().add(event("StatefulSet", "embedder", "Resized", "2026-11-22T10:01:00Z", "exceeded quota"));

        assertDiagnosis(seen, State.PROGRESSING, "waiting for the pod to be created", "");
    }

    @Test
    void podTerminatedByTheNodeIsReported() {
        Observation seen = read("starting");
        pod(seen).getStatus().setPhase("Failed");
        pod(seen).getStatus().setReason("Evicted");
        pod(seen).getStatus().setMessage("The node was low on resource: ephemeral-storage.");

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod " + POD + " was terminated by the node: Evicted The node was low on resource: ephemeral-storage.",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    @Test
    void readyPodOfAnOldRevisionIsNotReady() {
        assertDiagnosis(ready(2, Optional.of("rev-1"), 1), State.READY, "ready", "");
        assertDiagnosis(
                ready(2, Optional.of("rev-2"), 1), State.PROGRESSING, "waiting for the old pod to be replaced", "");
    }

    @Test
    void revisionDecidesEvenIfTheCountOfAStatefulSetLagsBehind() {
        assertThat(Diagnose.of(ready(2, Optional.of("rev-1"), 0)).state()).isEqualTo(State.READY);
    }

    @Test
    void deploymentIsReadyOnceAllItsReplicasAreUpdated() {
        assertThat(Diagnose.of(ready(2, DEPLOYMENT, 1)).state()).isEqualTo(State.READY);
        assertThat(Diagnose.of(ready(2, DEPLOYMENT, 0)).text()).isEqualTo("waiting for the old pod to be replaced");
    }

    @ParameterizedTest
    @CsvSource({"1, READY", "0, PROGRESSING"})
    void podWithoutARevisionIsJudgedByTheCount(int updated, State state) {
        Observation otherLabels = ready(2, Optional.of("rev-2"), updated);
        pod(otherLabels).getMetadata().setLabels(Map.of("app", "nim"));
        Observation noLabels = ready(2, Optional.of("rev-2"), updated);
        pod(noLabels).getMetadata().setLabels(null);

        assertThat(Diagnose.of(otherLabels).state()).isEqualTo(state);
        assertThat(Diagnose.of(noLabels).state()).isEqualTo(state);
    }

    @Test
    void readyPodDoesNotCountBeforeTheControllerHasReadTheChange() {
        assertDiagnosis(
                ready(1, Optional.of("rev-1"), 1),
                State.PROGRESSING,
                "waiting for the controller to apply the change",
                "");
    }

    /** A ready pod of revision rev-1 and its one workload of one replica, at generation 2. */
    private static Observation ready(long observedGeneration, Optional<String> updateRevision, int updatedReplicas) {
        Observation seen = read("ready");
        seen.workloads().add(new Workload("w", 2, observedGeneration, updateRevision, 1, updatedReplicas));
        return seen;
    }
}
