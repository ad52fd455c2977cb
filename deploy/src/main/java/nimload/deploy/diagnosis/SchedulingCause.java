package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why the scheduler finds no node for a pod, by the condition that it wrote on the pod: its events may be stale. */
final class SchedulingCause {

    /** A cluster autoscaler says within seconds that it adds a node; before that, "no node has it" may not be the last word. */
    private static final Duration AUTOSCALER_GRACE = Duration.ofSeconds(60);

    private SchedulingCause() {}

    static Diagnosis of(Observation seen, Pod pod, PodCondition scheduled) {
        String said = Optional.ofNullable(scheduled.getMessage()).orElse("no reason given");
        String podName = pod.getMetadata().getName();
        Optional<String> scaling =
                Diagnose.lastEvent(seen, "Pod", podName, "TriggeredScaleUp").map(event -> event.getMessage());
        if (scaling.isPresent()) {
            return Diagnosis.progressing("waiting for the cluster autoscaler to add a node (" + scaling.get() + ")");
        }
        if (said.contains("PersistentVolumeClaim") || said.contains("persistentvolumeclaim")) {
            return VolumeCause.of(seen, pod, said);
        }
        boolean patience =
                Diagnose.lastEvent(seen, "Pod", podName, "NotTriggerScaleUp").isEmpty()
                        && age(seen.at(), scheduled).compareTo(AUTOSCALER_GRACE) < 0;
        if (said.contains("Insufficient " + GpuCount.RESOURCE)) {
            return gpu(seen, pod, said, patience);
        }
        Diagnosis cause = other(seen, pod, said);
        return patience ? Diagnosis.blocked(cause.text(), cause.next()) : cause;
    }

    private static Diagnosis other(Observation seen, Pod pod, String said) {
        String quoted = Diagnose.name(pod) + " cannot be scheduled: \"" + said + "\"";
        if (said.contains("untolerated taint")) {
            return Diagnosis.failed(
                    quoted,
                    "Add the taint to tolerations under values in the settings file. See: kubectl describe nodes | grep Taints");
        }
        if (said.contains("node affinity/selector") || said.contains("node selector")) {
            return Diagnosis.failed(
                    quoted,
                    "Correct nodeSelector or affinity under values in the settings file. See: kubectl get nodes --show-labels");
        }
        if (said.contains("Insufficient cpu") || said.contains("Insufficient memory")) {
            return Diagnosis.blocked(
                    quoted, "Lower resources in the settings file, or free a node. See: kubectl describe nodes");
        }
        return Diagnosis.blocked(quoted, Diagnose.describe(seen, pod));
    }

    private static Diagnosis gpu(Observation seen, Pod pod, String said, boolean patience) {
        long asked = GpuCount.asked(pod);
        String start = Diagnose.name(pod) + " asks for " + asked + " " + GpuCount.RESOURCE;
        if (seen.nodes().isEmpty()) {
            return Diagnosis.blocked(
                    start + " and no node has them free: \"" + said + "\"",
                    "Ask who holds them: this user may not list nodes");
        }
        List<Node> nodes = seen.nodes().get();
        long most = nodes.stream().mapToLong(GpuCount::allocatable).max().orElse(0);
        long all = nodes.stream().mapToLong(GpuCount::allocatable).sum();
        if (most < asked) {
            String cause = start + ", and "
                    + (all == 0
                            ? "no node of the cluster has any"
                            : "no node has more than " + most + " (allocatable in all: " + all + ")");
            String next = all == 0
                    ? "Add a GPU node, or install NVIDIA's GPU operator or device plugin: without it a node's GPUs are not seen. See: kubectl describe nodes"
                    : "Lower gpus in the settings file, or add a larger node";
            return patience ? Diagnosis.blocked(cause, next) : Diagnosis.failed(cause, next);
        }
        return Diagnosis.blocked(
                start + ", and none of the " + all + " allocatable " + (all == 1 ? "is" : "are") + " free"
                        + holders(seen) + ": \"" + said + "\"",
                "Free a GPU, or wait until one is freed");
    }

    private static String holders(Observation seen) {
        String holders = seen.otherPods().orElse(List.of()).stream()
                .filter(other -> other.getSpec().getNodeName() != null && GpuCount.asked(other) > 0)
                .filter(other -> !List.of("Succeeded", "Failed")
                        .contains(String.valueOf(other.getStatus().getPhase())))
                .map(other -> other.getMetadata().getNamespace() + "/"
                        + other.getMetadata().getName() + " (" + GpuCount.asked(other) + ")")
                .collect(Collectors.joining(", "));
        return holders.isEmpty() ? "" : ", held by " + holders;
    }

    private static Duration age(Instant now, PodCondition condition) {
        return condition.getLastTransitionTime() == null
                ? Duration.ZERO
                : Duration.between(Instant.parse(condition.getLastTransitionTime()), now);
    }
}
