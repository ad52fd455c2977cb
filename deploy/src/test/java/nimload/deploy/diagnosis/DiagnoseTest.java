package nimload.deploy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;

/** Each state of src/test/resources/states, as kubectl get -o yaml writes it, and what is said of it. */
class DiagnoseTest {

    /** The states are of a pod that was made at 10:00:00. */
    private static final Instant TWO_MINUTES_LATER = Instant.parse("2026-11-22T10:02:00Z");

    private static Diagnosis diagnose(String state) throws IOException {
        return Diagnose.of(read(state, TWO_MINUTES_LATER, List.of()));
    }

    private static Observation read(String state, Instant at, List<String> log) throws IOException {
        String yaml = Files.readString(Path.of("src/test/resources/states", state + ".yaml"));
        List<HasMetadata> items =
                Serialization.unmarshal(yaml, KubernetesList.class).getItems();
        List<Pod> pods = only(items, Pod.class);
        return new Observation(
                at,
                "embedding-nim",
                "embedder",
                List.of(),
                pods.stream()
                        .filter(pod -> pod.getMetadata().getNamespace().equals("embedding-nim"))
                        .toList(),
                only(items, Event.class),
                only(items, PersistentVolumeClaim.class),
                Optional.of(only(items, Node.class)),
                Optional.of(only(items, StorageClass.class)),
                Optional.of(pods),
                log);
    }

    private static <T> List<T> only(List<HasMetadata> items, Class<T> type) {
        return items.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static void assertThatIt(Diagnosis diagnosis, State state, String text, String next) {
        assertThat(diagnosis.text()).isEqualTo(text);
        assertThat(diagnosis.next()).startsWith(next);
        assertThat(diagnosis.state()).isEqualTo(state);
        assertThat(diagnosis.toString()).hasLineCount(1);
    }

    @Test
    void gpuShortageTellsAskedAllocatableAndHolders() throws IOException {
        assertThatIt(
                diagnose("gpu-held"),
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 asks for 1 nvidia.com/gpu, and none of the 2 allocatable are free, held by"
                        + " training/bert-7 (2): \"0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are"
                        + " available: 3 No preemption victims found for incoming pod.\"",
                "Free a GPU, or wait until one is freed");
    }

    @Test
    void clusterWithoutGpusCannotHealAfterTheAutoscalersMinute() throws IOException {
        Diagnosis early = Diagnose.of(read("gpu-none", Instant.parse("2026-11-22T10:00:30Z"), List.of()));

        assertThatIt(
                diagnose("gpu-none"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 asks for 1 nvidia.com/gpu, and no node of the cluster has any",
                "Add a GPU node, or install NVIDIA's GPU operator");
        assertThat(early.state()).isEqualTo(State.BLOCKED);
    }

    @Test
    void autoscalerAtWorkIsProgress() throws IOException {
        assertThatIt(
                diagnose("gpu-scaling-up"),
                State.PROGRESSING,
                "waiting for the cluster autoscaler to add a node (pod triggered scale-up: [{gpu-pool 0->1 (max: 3)}])",
                "");
    }

    @Test
    void taintNobodyToleratesCannotHeal() throws IOException {
        assertThatIt(
                diagnose("taint"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 cannot be scheduled: \"0/2 nodes are available: 2 node(s) had untolerated taint"
                        + " {dedicated: research}.\"",
                "Add the taint to tolerations under values");
    }

    @Test
    void nodeSelectorThatNothingMatchesCannotHeal() throws IOException {
        assertThatIt(
                diagnose("node-selector"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 cannot be scheduled: \"0/2 nodes are available: 2 node(s) didn't match Pod's node"
                        + " affinity/selector.\"",
                "Correct nodeSelector or affinity under values");
    }

    @Test
    void wrongKeyIsTheRegistrys401() throws IOException {
        assertThatIt(
                diagnose("image-wrong-key"),
                State.FAILED,
                "image nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0 cannot be pulled: the registry does not accept the key (Failed to pull"
                        + " image \"nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0\": failed to authorize: failed to fetch oauth token:"
                        + " unexpected status from GET request to https://nvcr.io/proxy_auth?scope=repository: 401 Unauthorized)",
                "Export the right NGC_API_KEY and run up again");
    }

    @Test
    void missingPullSecretIsNamedWhereTheRegistrySays401() throws IOException {
        Diagnosis diagnosis = diagnose("image-secret-missing");

        assertThat(diagnosis.state()).isEqualTo(State.FAILED);
        assertThat(diagnosis.next())
                .isEqualTo(
                        "The pull secret is missing: Unable to retrieve some image pull secrets (ngc-secret); attempting to pull"
                                + " the image may not succeed.");
    }

    @Test
    void termsNotAcceptedAreTheRegistrys403() throws IOException {
        assertThatIt(
                diagnose("image-terms"),
                State.FAILED,
                "image nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0 cannot be pulled: the key may not read it (failed to pull and unpack"
                        + " image: failed to resolve reference: unexpected status from HEAD request to https://nvcr.io/v2/: 403"
                        + " Forbidden)",
                "Accept the model's terms at");
    }

    @Test
    void unknownTagIsTheRegistrysNotFound() throws IOException {
        Diagnosis diagnosis = diagnose("image-name");

        assertThat(diagnosis.state()).isEqualTo(State.FAILED);
        assertThat(diagnosis.text())
                .contains("nv-embedqa-e5-v5:9.9.9 cannot be pulled: the registry has no such name or tag");
        assertThat(diagnosis.next()).contains("the command tags lists what there is");
    }

    @Test
    void registryThatIsNotReachedMayHeal() throws IOException {
        Diagnosis diagnosis = diagnose("image-proxy");

        assertThat(diagnosis.state()).isEqualTo(State.BLOCKED);
        assertThat(diagnosis.text())
                .contains("the node cannot reach the registry (")
                .contains("i/o timeout");
        assertThat(diagnosis.next()).contains("Give the nodes' container runtime the proxy");
    }

    @Test
    void imageBeingPulledIsProgress() throws IOException {
        assertThatIt(
                diagnose("pulling"), State.PROGRESSING, "pulling image nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0", "");
    }

    @Test
    void missingApiSecretIsNamed() throws IOException {
        assertThatIt(
                diagnose("secret-missing"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 cannot start: secret \"ngc-api\" not found",
                "Export NGC_API_KEY and run up again");
    }

    @Test
    void claimWithoutAnyDefaultClassCannotHeal() throws IOException {
        assertThatIt(
                diagnose("claim-no-default-class"),
                State.FAILED,
                "claim model-store-embedder-text-embedding-nim-0 (50Gi) is Pending: it names no storage class and the cluster has no"
                        + " default one (known: manual)",
                "Set persistence.storageClass in the settings file");
    }

    @Test
    void claimOfAnUnknownClassCannotHeal() throws IOException {
        assertThatIt(
                diagnose("claim-unknown-class"),
                State.FAILED,
                "claim model-store-embedder-text-embedding-nim-0 (50Gi) is Pending: its storage class \"fastt\" does not exist (known:"
                        + " fast)",
                "Correct persistence.storageClass in the settings file");
    }

    @Test
    void claimThatIsTooLargeCannotHeal() throws IOException {
        Diagnosis diagnosis = diagnose("claim-too-large");

        assertThat(diagnosis.state()).isEqualTo(State.FAILED);
        assertThat(diagnosis.text())
                .contains("(50Gi) is Pending: the provisioner refuses its size: \"")
                .contains("exceeded quota");
        assertThat(diagnosis.next()).startsWith("Lower persistence.size in the settings file");
    }

    @Test
    void claimBeingProvisionedIsProgress() throws IOException {
        assertThatIt(
                diagnose("claim-provisioning"),
                State.PROGRESSING,
                "waiting for the volume of claim model-store-embedder-text-embedding-nim-0 (50Gi)",
                "");
    }

    @Test
    void crashLoopTellsTheLastWords() throws IOException {
        Diagnosis diagnosis =
                Diagnose.of(read("crash-loop", TWO_MINUTES_LATER, List.of("RuntimeError: cannot bind", "exiting")));

        assertThatIt(
                diagnosis,
                State.FAILED,
                "pod embedder-text-embedding-nim-0 ends with exit code 1 (3 restarts); its last words: RuntimeError: cannot bind | exiting",
                "See: kubectl -n embedding-nim logs --previous embedder-text-embedding-nim-0");
    }

    @Test
    void crashLoopIsTheSameWhileItFlapsToTerminatedOrRunning() throws IOException {
        Diagnosis terminated = Diagnose.of(read("crash-terminated", TWO_MINUTES_LATER, List.of()));
        Diagnosis running = Diagnose.of(read("crash-running-again", TWO_MINUTES_LATER, List.of()));

        assertThat(terminated.state()).isEqualTo(State.FAILED);
        assertThat(running.state()).isEqualTo(State.FAILED);
        assertThat(running.text()).contains("ends with exit code 1 (3 restarts)");
    }

    @Test
    void firstCrashMayBeAHiccup() throws IOException {
        assertThat(diagnose("crash-first").state()).isEqualTo(State.BLOCKED);
    }

    @Test
    void lastWordsChooseTheNextStep() throws IOException {
        assertThat(Diagnose.of(read(
                                "crash-loop",
                                TWO_MINUTES_LATER,
                                List.of("PermissionError: [Errno 13] Permission denied: '/opt/nim/.cache'")))
                        .next())
                .contains("podSecurityContext.fsGroup");
        assertThat(Diagnose.of(read("crash-loop", TWO_MINUTES_LATER, List.of("Authentication Error: 401")))
                        .next())
                .contains("The model download is refused");
    }

    @Test
    void outOfMemoryCannotHeal() throws IOException {
        assertThatIt(
                diagnose("out-of-memory"),
                State.FAILED,
                "pod embedder-text-embedding-nim-0 ran out of memory (OOMKilled, 1 restart)",
                "Raise resources.limits.memory");
    }

    @Test
    void probeThatStillFailsIsNormalFor30MinutesAndNotLonger() throws IOException {
        Diagnosis after12 = Diagnose.of(read("starting", Instant.parse("2026-11-22T10:12:30Z"), List.of()));
        Diagnosis after31 = Diagnose.of(read("starting", Instant.parse("2026-11-22T10:31:30Z"), List.of()));

        assertThatIt(
                after12,
                State.PROGRESSING,
                "loading the model (not ready 12 min after its start; up to 30 min are normal while the model is downloaded)",
                "");
        assertThatIt(
                after31,
                State.BLOCKED,
                "pod embedder-text-embedding-nim-0 runs but is not ready 31 min after its start",
                "Look for errors of the download: kubectl -n embedding-nim logs embedder-text-embedding-nim-0");
    }

    @Test
    void quotaThatForbidsThePodCannotHeal() throws IOException {
        Diagnosis diagnosis = diagnose("quota");

        assertThat(diagnosis.state()).isEqualTo(State.FAILED);
        assertThat(diagnosis.text())
                .startsWith("no pod can be made: create Pod embedder-text-embedding-nim-0 in StatefulSet");
        assertThat(diagnosis.next()).startsWith("Ask for a larger quota");
    }

    @Test
    void volumeThatCannotBeMountedIsTold() throws IOException {
        Diagnosis diagnosis = diagnose("mount");

        assertThat(diagnosis.state()).isEqualTo(State.BLOCKED);
        assertThat(diagnosis.text()).contains("waits for a volume: Multi-Attach error");
    }

    @Test
    void readyPodOfTheFormerRevisionIsNotReady() throws IOException {
        Observation ready = read("ready", TWO_MINUTES_LATER, List.of());

        assertThat(Diagnose.of(with(ready, new Workload("w", 2, 2, Optional.of("rev-1"), 1, 1)))
                        .state())
                .isEqualTo(State.READY);
        assertThat(Diagnose.of(with(ready, new Workload("w", 2, 2, Optional.of("rev-2"), 1, 0)))
                        .text())
                .isEqualTo("waiting for the former pod to be replaced");
        assertThat(Diagnose.of(with(ready, new Workload("w", 2, 1, Optional.of("rev-1"), 1, 1)))
                        .text())
                .isEqualTo("waiting for the controller to take the change over");
    }

    private static Observation with(Observation o, Workload workload) {
        return new Observation(
                o.at(),
                o.namespace(),
                o.release(),
                List.of(workload),
                o.pods(),
                o.events(),
                o.claims(),
                o.nodes(),
                o.storageClasses(),
                o.otherPods(),
                o.lastLogLines());
    }

    @Test
    void whatMayNotBeReadIsNotTakenForAbsent() throws IOException {
        Observation o = read("gpu-none", TWO_MINUTES_LATER, List.of());
        Diagnosis diagnosis = Diagnose.of(new Observation(
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
                List.of()));

        assertThat(diagnosis.state()).isEqualTo(State.BLOCKED);
        assertThat(diagnosis.toString()).contains("this user may not list nodes");
    }
}
