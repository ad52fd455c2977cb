package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why the scheduler finds no node for a pod, from the condition it wrote on the pod: its events may be stale. */
final class SchedulingCause {

    /** A cluster autoscaler announces a new node within seconds; until then, "no node has it" may not be final. */
    private static final Duration AUTOSCALER_GRACE = Duration.ofSeconds(60);

    private SchedulingCause() {}

    static Diagnosis of(Observation seen, Pod pod, PodCondition scheduled) {
        String message = Optional.ofNullable(scheduled.getMessage()).orElse("no reason given");
        String podName = pod.getMetadata().getName();
        Optional<String> scaling =
                Diagnose.lastEvent(seen, "Pod", podName, "TriggeredScaleUp").map(event -> event.getMessage());
        if (scaling.isPresent()) {
            return Diagnosis.progressing("waiting for the cluster autoscaler to add a node (" + scaling.get() + ")");
        }
        if (message.contains("PersistentVolumeClaim") || message.contains("persistentvolumeclaim")) {
            return VolumeCause.of(seen, pod, message);
        }
        boolean patience =
                Diagnose.lastEvent(seen, "Pod", podName, "NotTriggerScaleUp").isEmpty()
                        && age(seen.at(), scheduled).compareTo(AUTOSCALER_GRACE) < 0;
        if (message.contains("Insufficient " + GpuCount.RESOURCE)) {
            return gpu(seen, pod, message, patience);
        }
        Diagnosis cause = other(seen, pod, message);
        return patience ? Diagnosis.blocked(cause.text(), cause.next()) : cause;
    }

    private static Diagnosis other(Observation seen, Pod pod, String message) {
        String quoted = Diagnose.name(pod) + " cannot be scheduled: \"" + message + "\"";
        if (message.contains("untolerated taint")) {
            return Diagnosis.failed(
                    quoted,
                    "Add a toleration for the taint under values in the settings file. See: kubectl describe nodes | grep Taints");
        }
        if (message.contains("node affinity/selector") || message.contains("node selector")) {
            return Diagnosis.failed(
                    quoted,
                    "Correct nodeSelector or affinity under values in the settings file. See: kubectl get nodes --show-labels");
        }
        if (message.contains("Insufficient cpu") || message.contains("Insufficient memory")) {
            return Diagnosis.blocked(
                    quoted, "Lower resources in the settings file, or free a node. See: kubectl describe nodes");
        }
        return Diagnosis.blocked(quoted, Diagnose.describe(seen, pod));
    }

    private static Diagnosis gpu(Observation seen, Pod pod, String message, boolean patience) {
        long requested = GpuCount.requested(pod);
        String start = Diagnose.name(pod) + " requests " + requested + " " + GpuCount.RESOURCE;
        if (seen.nodes().isEmpty()) {
            return Diagnosis.blocked(
                    start + ", and no node has that many free: \"" + message + "\"",
                    "Ask an administrator who holds them: this user is not allowed to list nodes");
        }
        List<Node> nodes = seen.nodes().get();
        long most = nodes.stream().mapToLong(GpuCount::allocatable).max().orElse(0);
        long all = nodes.stream().mapToLong(GpuCount::allocatable).sum();
        if (most < requested) {
            String cause = start + ", and "
                    + (all == 0
                            ? "no node in the cluster has any"
                            : "no node has more than " + most + " (" + all + " allocatable in total)");
            String next = all == 0
                    ? "Add a GPU node, or install NVIDIA's GPU operator or device plugin: without it Kubernetes does not see a node's GPUs. See: kubectl describe nodes"
                    : "Lower gpus in the settings file, or add a larger node";
            return patience ? Diagnosis.blocked(cause, next) : Diagnosis.failed(cause, next);
        }
        Optional<Pod> former = seen.pods().stream()
                .filter(other -> holdsGpu(other) && !Observation.revision(other).equals(Observation.revision(pod)))
                .findFirst();
        if (former.isPresent()) {
            String cause = start + ", and its own former pod "
                    + former.get().getMetadata().getName() + " holds the GPU";
            return former.get().getMetadata().getDeletionTimestamp() != null
                    ? Diagnosis.progressing(cause + " until it has ended")
                    : Diagnosis.blocked(
                            cause,
                            "Set upgrade: recreate for this NIM in the settings file and run up again, or free a GPU");
        }
        return Diagnosis.blocked(
                start + ", and no node has that many free (" + all + " allocatable in total" + holders(seen) + "): \""
                        + message + "\"",
                "Free a GPU, or wait for one");
    }

    private static String holders(Observation seen) {
        String holders = seen.otherPods().orElse(List.of()).stream()
                .filter(SchedulingCause::holdsGpu)
                .map(other -> other.getMetadata().getNamespace() + "/"
                        + other.getMetadata().getName() + " (" + GpuCount.requested(other) + ")")
                .collect(Collectors.joining(", "));
        return holders.isEmpty() ? "" : ", held by " + holders;
    }

    private static boolean holdsGpu(Pod pod) {
        return pod.getSpec().getNodeName() != null
                && GpuCount.requested(pod) > 0
                && !List.of("Succeeded", "Failed")
                        .contains(String.valueOf(pod.getStatus().getPhase()));
    }

    private static Duration age(Instant now, PodCondition condition) {
        return condition.getLastTransitionTime() == null
                ? Duration.ZERO
                : Duration.between(Instant.parse(condition.getLastTransitionTime()), now);
    }
}
