package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.POD;
import static nimload.deploy.diagnosis.States.assertDiagnosis;
import static nimload.deploy.diagnosis.States.pod;
import static nimload.deploy.diagnosis.States.podEvent;
import static nimload.deploy.diagnosis.States.read;
import static nimload.deploy.diagnosis.States.readAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
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

class SchedulingCauseTest {

    private static final String INSUFFICIENT =
            "\"0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are"
                    + " available: 3 No preemption victims found for incoming pod.\"";

    @Test
    void gpuShortageNamesRequestAllocatableGpusAndHolders() {
        assertDiagnosis(
                read("gpu-held"),
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 requests 1 nvidia.com/gpu, and no node has that many free (2 allocatable in total,"
                        + " held by training/bert-7 (2)): " + INSUFFICIENT,
                "Free a GPU, or wait for one");
    }

    @Test
    void podWaitsForTheTakenGpuOfAOneGpuNode() {
        Observation seen = read("gpu-held");
        allocatable(seen, 1);
        otherPod(seen, "bert-7").getSpec().getContainers().get(0).getResources().setLimits(gpus(1));

        assertDiagnosis(
                seen,
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 requests 1 nvidia.com/gpu, and no node has that many free (1 allocatable in total,"
                        + " held by training/bert-7 (1)): " + INSUFFICIENT,
                "Free a GPU, or wait for one");
    }

    @Test
    void oneGpuMoreThanTheLargestNodeHasFails() {
        Observation seen = read("gpu-held");
        pod(seen).getSpec().getContainers().get(0).getResources().setLimits(gpus(3));

        assertDiagnosis(
                seen,
                State.FAILED,
                "pod embedder-text-embedding-nim-0 requests 3 nvidia.com/gpu, and no node has more than 2 (2 allocatable in total)",
                "Lower gpus in the settings file, or add a larger node");
    }

    @Test
    void podsThatEndedOrRequestNoGpuOrHaveNoNodeAreNotHolders() {
        Observation seen = read("gpu-held");
        otherPod(seen, "bert-7").getSpec().getContainers().get(0).setResources(null);

        assertThat(Diagnose.of(seen).text()).contains("(2 allocatable in total): \"0/3");
    }

    @Test
    void gpusOfAllContainersOfAPodAreCounted() {
        Observation seen = read("gpu-held");
        List<Container> containers = pod(seen).getSpec().getContainers();
        Container sidecar = new Container();
        sidecar.setName("sidecar");
        Container second = new Container();
        second.setName("second");
        second.setResources(containers.get(0).getResources());
        pod(seen).getSpec().setContainers(List.of(containers.get(0), sidecar, second));

        assertThat(Diagnose.of(seen).text())
                .startsWith("pod " + POD + " requests 2 nvidia.com/gpu, and no node has that many free (2 allocatable");
    }

    @ParameterizedTest
    @CsvSource({"2026-11-22T10:00:59Z, BLOCKED", "2026-11-22T10:01:00Z, FAILED"})
    void clusterWithoutGpusFailsAfterTheAutoscalersMinute(Instant at, State state) {
        assertDiagnosis(
                readAt(at, "gpu-none"),
                state,
                "pod embedder-text-embedding-nim-0 requests 1 nvidia.com/gpu, and no node in the cluster has any",
                "Add a GPU node, or install NVIDIA's GPU operator");
    }

    @Test
    void autoscalerThatDeclinesEndsItsMinuteAtOnce() {
        Observation seen = readAt(Instant.parse("2026-11-22T10:00:10Z"), "gpu-none");
        seen.events().add(podEvent("NotTriggerScaleUp", "2026-11-22T10:00:05Z", "pod didn't trigger scale-up"));

        assertThat(Diagnose.of(seen).state()).isEqualTo(State.FAILED);
    }

    @Test
    void conditionWithoutATimeCountsAsNew() {
        Observation seen = read("gpu-none");
        pod(seen).getStatus().getConditions().get(0).setLastTransitionTime(null);

        assertThat(Diagnose.of(seen).state()).isEqualTo(State.BLOCKED);
    }

    @Test
    void autoscalerAtWorkIsProgress() {
        assertDiagnosis(
                read("gpu-scaling-up"),
                State.PROGRESSING,
                "waiting for the cluster autoscaler to add a node (pod triggered scale-up: [{gpu-pool 0->1 (max: 3)}])",
                "");
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
                "pod embedder-text-embedding-nim-0 requests 1 nvidia.com/gpu, and no node has that many free: \"0/1 nodes are available:"
                        + " 1 Insufficient nvidia.com/gpu.\"",
                "Ask an administrator who holds them: this user is not allowed to list nodes");
    }

    @Test
    void taintWithoutATolerationFails() {
        assertDiagnosis(
                read("taint"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 cannot be scheduled: \"0/2 nodes are available: 2 node(s) had untolerated taint"
                        + " {dedicated: research}.\"",
                "Add a toleration for the taint under values");
    }

    @Test
    void newNodeMayLackTheTaintInTheAutoscalersMinute() {
        assertThat(Diagnose.of(readAt(Instant.parse("2026-11-22T10:00:59Z"), "taint"))
                        .state())
                .isEqualTo(State.BLOCKED);
    }

    @Test
    void nodeSelectorThatNothingMatchesFails() {
        assertDiagnosis(
                read("node-selector"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 cannot be scheduled: \"0/2 nodes are available: 2 node(s) didn't match Pod's node"
                        + " affinity/selector.\"",
                "Correct nodeSelector or affinity under values");
    }

    @ParameterizedTest
    @CsvSource({
        "3 node(s) didn't match Pod's node selector., FAILED, Correct nodeSelector or affinity under values",
        "3 Insufficient cpu., BLOCKED, Lower resources in the settings file",
        "3 Insufficient memory., BLOCKED, Lower resources in the settings file",
        "3 Too many pods., BLOCKED, See: kubectl -n embedding-nim describe pod embedder-text-embedding-nim-0"
    })
    void schedulersMessageChoosesTheNextStep(String message, State state, String next) {
        Observation seen = read("node-selector");
        pod(seen).getStatus().getConditions().get(0).setMessage(message);

        assertDiagnosis(seen, state, "pod " + POD + " cannot be scheduled: \"" + message + "\"", next);
    }

    private static void allocatable(Observation seen, int gpus) {
        seen.nodes().orElseThrow().get(0).getStatus().setAllocatable(gpus(gpus));
    }

    private static Map<String, Quantity> gpus(int count) {
        return Map.of("nvidia.com/gpu", new Quantity(String.valueOf(count)));
    }

    private static Pod otherPod(Observation seen, String name) {
        return seen.otherPods().orElseThrow().stream()
                .filter(pod -> pod.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
