package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why the scheduler finds no node for a pod, from the condition it wrote on the pod: its events may be stale. */
final class SchedulingCause {

    /** What heals on one kind of node outweighs what other nodes lack for ever: the scheduler lists them all in one sentence. */
    private static final List<Sign> REASONS = Sign.table("""
            Insufficient (\\S+[^.,; ]) | PERHAPS | Lower resources {settings}, or free a node. See: kubectl describe nodes
            taint \\{node\\.(?:cloudprovider\\.)?kubernetes\\.io/|unschedulable | PERHAPS | Waiting for a node to become ready or to be uncordoned. See: kubectl get nodes
            Too many pods | PERHAPS | Waiting for a node with room: remove pods, or add a node
            pods? (?:anti-)?affinity|topology spread|free ports | PERHAPS | Waiting for the pods it conflicts with to end, or correct affinity {values}
            untolerated taint | SOON_OR_NEVER | Add a toleration for the taint {values}. See: kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints
            node affinity/selector|node selector | SOON_OR_NEVER | Correct nodeSelector or affinity {values}. See: kubectl get nodes --show-labels
            volume node affinity conflict | SOON_OR_NEVER | Its volume belongs to a node or zone where the pod may not run: delete the claim (the model is downloaded again), or correct nodeSelector {values}
            gate | PERHAPS | Waiting for the queue or controller that holds it back. See: kubectl -n {namespace} describe pod {pod}
            """);

    private SchedulingCause() {}

    static Diagnosis of(Observation seen, Pod pod, PodCondition scheduled) {
        String message = Optional.ofNullable(scheduled.getMessage()).orElse("no reason given");
        Optional<String> scaling = Diagnose.lastEvent(
                        seen, pod, "TriggeredScaleUp", "NotTriggerScaleUp", "FailedScaleUp")
                .filter(event -> "TriggeredScaleUp".equals(event.getReason()))
                .map(Diagnose::message);
        if (scaling.isPresent()) {
            return Diagnosis.progressing("waiting for the cluster autoscaler to add a node (" + scaling.get() + ")");
        }
        if (message.toLowerCase(Locale.ROOT).contains("persistentvolumeclaim")) {
            return VolumeCause.of(seen, pod, message);
        }
        // A cluster autoscaler announces a new node within seconds; until then, "no node has it" may not be final.
        boolean patience = Diagnose.lastEvent(seen, pod, "NotTriggerScaleUp").isEmpty()
                && Diagnose.isYoung(seen, scheduled.getLastTransitionTime());
        if (message.contains("Insufficient " + GpuCount.RESOURCE)) {
            return gpu(seen, pod, message, patience);
        }
        // The former pod of a StatefulSet has the same name.
        String preempted = Diagnose.lastEvent(seen, "Pod", pod.getMetadata().getName(), "Preempted")
                .map(event -> ", its former pod was preempted (" + Diagnose.message(event) + ")")
                .orElse("");
        String start = Diagnose.name(pod) + " cannot be scheduled" + preempted + ": ";
        return tooLarge(seen, pod, message)
                .map(cause -> patience ? Diagnosis.blocked(cause.text(), cause.next()) : cause)
                .orElseGet(() -> Sign.read(REASONS, seen, pod, start, "\"" + message + "\"", patience));
    }

    /** A request for more than the largest node has. */
    private static Optional<Diagnosis> tooLarge(Observation seen, Pod pod, String message) {
        return Stream.of("cpu", "memory", "ephemeral-storage")
                .filter(resource -> message.contains("Insufficient " + resource))
                .flatMap(resource -> {
                    BigDecimal requested = pod.getSpec().getContainers().stream()
                            .filter(container -> container.getResources() != null)
                            .map(container -> amount(container.getResources().getRequests(), resource))
                            .reduce(BigDecimal.ZERO, BigDecimal::add);
                    return seen.nodes().orElse(List.of()).stream()
                            .filter(node -> node.getStatus() != null)
                            .map(node -> node.getStatus().getAllocatable())
                            .max(Comparator.comparing(allocatable -> amount(allocatable, resource)))
                            .filter(most -> amount(most, resource).compareTo(requested) < 0)
                            .map(most -> Diagnosis.failed(
                                    Diagnose.name(pod) + " requests more " + resource
                                            + " than any node has (the largest has "
                                            + most.getOrDefault(resource, new Quantity("0")) + "): \"" + message + "\"",
                                    seen.subject()
                                            .fill("Lower resources.requests." + resource
                                                    + " {settings}, or add a larger node")))
                            .stream();
                })
                .findFirst();
    }

    private static BigDecimal amount(Map<String, Quantity> quantities, String resource) {
        return quantities == null || quantities.get(resource) == null
                ? BigDecimal.ZERO
                : quantities.get(resource).getNumericalAmount();
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
                    : seen.subject().fill("Lower gpus {settings}, or add a larger node");
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
}
