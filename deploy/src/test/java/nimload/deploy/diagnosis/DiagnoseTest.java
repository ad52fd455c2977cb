package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.POD;
import static nimload.deploy.diagnosis.States.assertDiagnosis;
import static nimload.deploy.diagnosis.States.container;
import static nimload.deploy.diagnosis.States.copy;
import static nimload.deploy.diagnosis.States.event;
import static nimload.deploy.diagnosis.States.pod;
import static nimload.deploy.diagnosis.States.podEvent;
import static nimload.deploy.diagnosis.States.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;

/** What a recorded state cannot show alone: which pod is judged, whether it is current, what is absent. */
class DiagnoseTest {

    private static final Optional<String> DEPLOYMENT = Optional.empty();

    @Test
    void oneLineNamesTheCauseAndTheNextStepIfThereIsOne() {
        assertThat(Diagnosis.ready("ready")).hasToString("ready");
        assertThat(Diagnosis.failed("out of memory", "Raise the limit")).hasToString("out of memory. Raise the limit");
    }

    @ParameterizedTest
    @CsvSource({
        "Waiting for free disk on node gpu-1.example.com: free some, Free some",
        "Waiting for the queue. See: kubectl get jobs, Waiting for the queue. See: kubectl get jobs",
        "See: kubectl get pods, See: kubectl get pods"
    })
    void whereNobodyTriesAgainNothingIsWaitedFor(String next, String forGood) {
        assertThat(Diagnosis.blocked("disk", next).forGood()).isEqualTo(Diagnosis.failed("disk", forGood));
    }

    @Test
    void newestPodIsJudgedAfterAnUpgrade() {
        Observation seen = read("crash-loop");
        seen.pods().add(0, copy(pod(seen), "old", "2026-11-22T09:00:00Z"));
        seen.pods().add(copy(pod(seen), "earlier", "2026-11-22T08:00:00Z"));

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
    void withoutAPodItWaitsForOneAndWithOnlyDeletedPodsForTheirEnd() {
        Observation none = read("ready");
        none.pods().clear();
        Observation deleted = read("ready");
        pod(deleted).getMetadata().setDeletionTimestamp("2026-11-22T10:01:00Z");

        assertDiagnosis(none, State.PROGRESSING, "waiting for the pod to be created", "");
        assertDiagnosis(deleted, State.PROGRESSING, "waiting for the old pod to terminate", "");
    }

    @Test
    void refusalsOfOtherReleasesAndOtherEventsDoNotCount() {
        Observation seen = read("quota");
        seen.events().clear();
        seen.events().add(event("StatefulSet", "reranker", "FailedCreate", "2026-11-22T10:01:00Z", "exceeded quota"));
        seen.events().add(event("StatefulSet", "embedder", "Resized", "2026-11-22T10:01:00Z", "exceeded quota"));

        assertThat(Diagnose.of(seen).text()).isEqualTo("waiting for the pod to be created");
    }

    @ParameterizedTest
    @CsvSource({
        "embedder-text-embedding-nim, 10:01:00, FAILED",
        "embedder-text-embedding-nim, 10:01:01, PROGRESSING",
        "embedder-2, 10:00:00, PROGRESSING"
    })
    void refusalIsOfThisWorkloadAndNotOfAFormerSpecification(String workload, String changedAt, State state) {
        Observation seen = read("quota");
        Instant changed = Instant.parse("2026-11-22T" + changedAt + "Z");
        seen.workloads().add(new Workload(workload, 1, 1, DEPLOYMENT, 1, 0, Optional.of(changed)));

        assertThat(Diagnose.of(seen).state()).isEqualTo(state);
    }

    @Test
    void upgradeWhosePodIsRefusedDoesNotWaitForTheOldPod() {
        Observation seen = ready(2, DEPLOYMENT, 0);
        seen.events().add(event("ReplicaSet", "w-7d4b9c6f5", "FailedCreate", "2026-11-22T10:01:00Z", "exceeded quota"));

        assertThat(Diagnose.of(seen).text()).isEqualTo("no pod can be created: exceeded quota");
    }

    @Test
    void readyPodOfAnOldRevisionIsNotReady() {
        assertDiagnosis(ready(2, Optional.of("rev-1"), 1), State.READY, "ready", "");
        assertDiagnosis(
                ready(2, Optional.of("rev-2"), 1), State.PROGRESSING, "waiting for the old pod to be replaced", "");
    }

    @Test
    void faultOfAnOldRevisionIsNotThatOfTheNewOne() {
        Observation seen = read("crash-loop");
        seen.workloads().add(new Workload("w", 2, 2, Optional.of("rev-2"), 1, 0, Optional.empty()));

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod " + POD + " of the former revision is not ready and not replaced yet",
                "If it stays: kubectl -n embedding-nim delete pod " + POD);
    }

    @Test
    void revisionDecidesEvenIfTheCountOfAStatefulSetLagsBehind() {
        assertThat(Diagnose.of(ready(2, Optional.of("rev-1"), 0)).state()).isEqualTo(State.READY);
    }

    @ParameterizedTest
    @CsvSource({"1, READY", "0, PROGRESSING"})
    void podWithoutARevisionIsJudgedByTheCount(int updated, State state) {
        Observation otherLabels = ready(2, Optional.of("rev-2"), updated);
        pod(otherLabels).getMetadata().setLabels(Map.of("app", "nim"));
        Observation noLabels = ready(2, Optional.of("rev-2"), updated);
        pod(noLabels).getMetadata().setLabels(null);

        assertThat(Diagnose.of(ready(2, DEPLOYMENT, updated)).state()).isEqualTo(state);
        assertThat(Diagnose.of(otherLabels).state()).isEqualTo(state);
        assertThat(Diagnose.of(noLabels).state()).isEqualTo(state);
    }

    @Test
    void readyPodDoesNotCountBeforeTheControllerHasReadTheChange() {
        assertThat(Diagnose.of(ready(1, Optional.of("rev-1"), 1)).text())
                .isEqualTo("waiting for the controller to apply the change");
    }

    @Test
    void podThatEndedWellHasFinished() {
        Observation seen = read("job-exit");
        pod(seen).getStatus().setPhase("Succeeded");

        assertDiagnosis(seen, State.READY, "finished", "");
    }

    @Test
    void eventWithOnlyAFirstTimestampIsDatedByIt() {
        Observation seen = read("pulling");
        seen.events().add(podEvent("Pulled", null, "Successfully pulled the init container's image"));
        seen.events().get(1).setFirstTimestamp("2026-11-22T10:00:30Z");

        assertThat(Diagnose.of(seen).text()).startsWith("pulling image");
    }

    @Test
    void containerOfWhichNothingIsKnownIsBeingCreated() {
        Observation noStatus = read("starting");
        pod(noStatus).getStatus().setContainerStatuses(List.of());
        Observation emptyState = read("starting");
        container(emptyState).setState(new ContainerState());
        Observation noState = read("starting");
        container(noState).setState(null);

        assertThat(List.of(noStatus, emptyState, noState))
                .extracting(seen -> Diagnose.of(seen).text())
                .containsOnly("creating the container");
    }

    @Test
    void finishedInitContainerAndSidecarThatRunsExplainNothing() {
        Observation seen = read("crash-loop");
        ContainerStatus done = new ContainerStatusBuilder()
                .withName("init")
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .endTerminated()
                .endState()
                .build();
        pod(seen).getStatus().setInitContainerStatuses(List.of(done));
        ContainerStatus sidecar = container(read("starting"));
        pod(seen).getStatus().setContainerStatuses(List.of(sidecar, container(seen)));

        assertThat(Diagnose.of(seen).text()).startsWith("pod " + POD + " exits with code 1 (3 restarts)");
    }

    @Test
    void eventOfAnotherContainerIsNotThisOnes() {
        Observation seen = read("probe-startup");
        seen.events().forEach(event -> event.getInvolvedObject().setFieldPath("spec.containers{proxy}"));

        assertThat(Diagnose.of(seen).text()).isEqualTo("pod " + POD + " exits with code 137 (2 restarts)");
    }

    @Test
    void withoutAnyMessageTheKubeletsReasonIsShown() {
        Observation seen = read("image-proxy");
        seen.events().clear();
        container(seen).getState().getWaiting().setMessage(null);

        assertThat(Diagnose.of(seen).text()).endsWith("cannot be pulled: ImagePullBackOff");
    }

    @Test
    void podWaitsForTheTakenGpuOfAOneGpuNode() {
        Observation seen = read("gpu-held");
        seen.nodes().orElseThrow().get(0).getStatus().setAllocatable(gpus(1));
        otherPod(seen).getSpec().getContainers().get(0).getResources().setLimits(gpus(1));

        assertThat(Diagnose.of(seen).text())
                .contains("requests 1 nvidia.com/gpu, and no node has that many free (1 allocatable in total, held by"
                        + " training/bert-7 (1)): ");
    }

    @Test
    void oneGpuMoreThanTheLargestNodeHasFails() {
        Observation seen = read("gpu-held");
        pod(seen).getSpec().getContainers().get(0).getResources().setLimits(gpus(3));

        assertDiagnosis(
                seen,
                State.FAILED,
                "pod " + POD + " requests 3 nvidia.com/gpu, and no node has more than 2 (2 allocatable in total)",
                "Lower gpus in the settings file, or add a larger node");
    }

    @Test
    void podsThatEndedOrRequestNoGpuOrHaveNoNodeAreNotHolders() {
        Observation seen = read("gpu-held");
        otherPod(seen).getSpec().getContainers().get(0).setResources(null);

        assertThat(Diagnose.of(seen).text()).contains("(2 allocatable in total): \"0/3");
    }

    @Test
    void gpusOfAllContainersOfAPodAreCounted() {
        Observation seen = read("gpu-held");
        Container first = pod(seen).getSpec().getContainers().get(0);
        Container sidecar = new ContainerBuilder().withName("sidecar").build();
        Container second = new ContainerBuilder(first).withName("second").build();
        pod(seen).getSpec().setContainers(List.of(first, sidecar, second));

        assertThat(Diagnose.of(seen).text()).startsWith("pod " + POD + " requests 2 nvidia.com/gpu, and no node has");
    }

    @Test
    void conditionWithoutATimeCountsAsNew() {
        Observation seen = read("gpu-none");
        pod(seen).getStatus().getConditions().get(0).setLastTransitionTime(null);

        assertThat(Diagnose.of(seen).state()).isEqualTo(State.BLOCKED);
    }

    @Test
    void autoscalerAtWorkForAnotherPodSaysNothingAboutThisOne() {
        Observation seen = read("gpu-scaling-up");
        seen.events().get(0).getInvolvedObject().setName("another-pod");

        assertThat(Diagnose.of(seen).text()).contains("no node in the cluster has any");
    }

    @Test
    void unreadableIsNotTakenForAbsent() {
        Observation o = read("gpu-none");
        Observation unreadable = new Observation(
                o.subject(),
                o.at(),
                o.namespace(),
                o.release(),
                o.workloads(),
                o.pods(),
                o.events(),
                o.claims(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());

        assertDiagnosis(
                unreadable,
                State.BLOCKED,
                "pod " + POD + " requests 1 nvidia.com/gpu, and no node has that many free: \"0/1 nodes are available:"
                        + " 1 Insufficient nvidia.com/gpu.\"",
                "Ask an administrator who holds them: this user is not allowed to list nodes");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void claimThatNamesNoClassWaitsForTheDefaultOneIfThereIsOne(String storageClass) {
        Observation without = read("claim-no-default-class");
        without.claims().get(0).getSpec().setStorageClassName(storageClass);
        Observation with = read("claim-provisioning");
        with.claims().get(0).getSpec().setStorageClassName(storageClass);

        assertThat(Diagnose.of(without).text()).contains("it names no storage class");
        assertThat(Diagnose.of(with).text()).startsWith("waiting for the volume of claim");
    }

    @Test
    void clusterWithoutStorageClassesIsReportedAsSuch() {
        Observation seen = read("claim-unknown-class");
        seen.storageClasses().orElseThrow().clear();

        assertThat(Diagnose.of(seen).text())
                .endsWith("its storage class \"fastt\" does not exist (the cluster has no storage class)");
    }

    @Test
    void boundClaimIsNotTheOneToWaitFor() {
        Observation seen = read("claim-provisioning");
        PersistentVolumeClaim bound = new PersistentVolumeClaimBuilder(
                        seen.claims().get(0))
                .editMetadata()
                .withName("bound")
                .endMetadata()
                .withNewStatus()
                .withPhase("Bound")
                .endStatus()
                .build();
        seen.claims().add(0, bound);

        assertThat(Diagnose.of(seen).text()).contains("model-store-" + POD);
    }

    @Test
    void podMayWaitForAVolumeWithoutAPendingClaim() {
        Observation seen = read("claim-provisioning");
        seen.claims().clear();

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod " + POD
                        + " is waiting for a volume: \"0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.\"",
                "See: kubectl -n embedding-nim describe pod " + POD);
    }

    /** A ready pod of revision rev-1 and its one workload of one replica, at generation 2. */
    private static Observation ready(long observedGeneration, Optional<String> updateRevision, int updatedReplicas) {
        Observation seen = read("ready");
        seen.workloads()
                .add(new Workload("w", 2, observedGeneration, updateRevision, 1, updatedReplicas, Optional.empty()));
        return seen;
    }

    private static Map<String, Quantity> gpus(int count) {
        return Map.of("nvidia.com/gpu", new Quantity(String.valueOf(count)));
    }

    /** The one that holds GPUs. */
    private static Pod otherPod(Observation seen) {
        return seen.otherPods().orElseThrow().stream()
                .filter(pod -> pod.getMetadata().getName().equals("bert-7"))
                .findFirst()
                .orElseThrow();
    }
}
