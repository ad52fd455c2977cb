package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The state of a release or of a Job's pod, or the first thing that keeps it from becoming ready, from one {@link Observation}. Pure: the same
 * observation gives the same answer. Causes are checked in the order in which a pod meets them: created, scheduled, volumes, sandbox, image,
 * configuration, running, ready. An event counts until a later state has overtaken it.
 */
public final class Diagnose {

    /** Operators that copy Secrets, and autoscalers, act within seconds; until then, "not found" may not be final. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private static final Pattern QUOTA_DEMANDS = Pattern.compile("failed quota: \\S+ must specify (.+)");

    /** Why the API server refuses a controller's pod. */
    private static final List<Sign> REFUSED = Sign.table("""
            create Claim .*exceeded quota | NEVER | Lower {persistence.}size {settings}, or request a larger quota. See: kubectl -n {namespace} describe resourcequota
            exceeded quota | NEVER | Request a larger quota, or lower resources{and gpus} {settings}. See: kubectl -n {namespace} describe resourcequota
            (maximum|minimum) \\S+ usage per|max limit to request ratio | NEVER | Set resources {settings} within the namespace's limits. See: kubectl -n {namespace} describe limitrange
            violates PodSecurity | NEVER | Set podSecurityContext and containerSecurityContext {values}, or use a namespace with a less strict policy
            RuntimeClass "?([^" ]+)"? not found | NEVER | Correct runtimeClassName {values}, or install the runtime class {1}. See: kubectl get runtimeclass
            no PriorityClass with name (\\S+) was found | NEVER | Correct priorityClassName {values}. See: kubectl get priorityclass
            webhook "([^"]+)" denied|ValidatingAdmissionPolicy '([^']+)'.* denied | NEVER | Change what the cluster's policy refuses {values}, or ask an administrator for an exception
            failed calling webhook "([^"]+)" | PERHAPS | Waiting for the admission webhook {1} to answer. See: kubectl get pods -A; kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations
            because it is being terminated | NEVER | Wait until the namespace {namespace} is gone, then {again}
            is invalid: (\\S+): | NEVER | Correct {1} {values}
            """);

    /** Why a node ended a pod, or did not take it. Its controller makes another one. */
    private static final List<Sign> ENDED_BY_NODE = Sign.table("""
            EmptyDir volume "([^"]+)" exceeds | NEVER | Raise the sizeLimit of the volume {1} {values}
            ephemeral.*exceed|exceed.*ephemeral | NEVER | Raise resources.limits.ephemeral-storage {settings}, or remove the limit
            ephemeral-storage|DiskPressure|inodes | PERHAPS | Waiting for a node with free disk: set resources.requests.ephemeral-storage {settings} to what it needs, or free some on node {node}
            low on resource|MemoryPressure|PIDPressure | PERHAPS | Waiting for a node with free memory: set resources.requests.memory {settings} to what it needs
            Preempt | PERHAPS | Waiting for a node with room: set priorityClassName {values}, since a pod of a higher priority took its place, or add a node
            UnexpectedAdmissionError | PERHAPS | Waiting for the device plugin on node {node}: see that it offers the device: kubectl describe node {node}
            NodeAffinity | PERHAPS | Waiting for a node with the right labels: correct nodeSelector or affinity {values}, or the labels of node {node}
            OutOf | PERHAPS | Waiting for a node with room: add one, or free node {node}
            NodeLost|shutdown|Terminated | PERHAPS | Waiting for another node: node {node} went away, see kubectl get nodes
            DeadlineExceeded | NEVER | Raise or remove activeDeadlineSeconds {values}
            """);

    private Diagnose() {}

    public static Diagnosis of(Observation seen) {
        Optional<Pod> newest = newest(seen.pods());
        if (newest.isEmpty()) {
            return refused(seen).orElseGet(() -> noPod(seen));
        }
        Pod pod = newest.get();
        if (seen.workloads().stream().anyMatch(workload -> !workload.isObserved())) {
            return Diagnosis.progressing("waiting for the controller to apply the change");
        }
        if (!isCurrent(seen, pod)) {
            return refused(seen)
                    .orElseGet(() -> isReady(pod)
                            ? Diagnosis.progressing("waiting for the old pod to be replaced")
                            : Diagnosis.blocked(
                                    name(pod) + " of the former revision is not ready and not replaced yet",
                                    "If it stays: kubectl -n " + seen.namespace() + " delete pod "
                                            + pod.getMetadata().getName()));
        }
        if (isReady(pod)) {
            return Diagnosis.ready("ready");
        }
        if ("Succeeded".equals(pod.getStatus().getPhase())) {
            return Diagnosis.ready("finished");
        }
        if ("Failed".equals(pod.getStatus().getPhase()) && pod.getStatus().getReason() != null) {
            return endedByNode(seen, pod);
        }
        Optional<PodCondition> scheduled = condition(pod, "PodScheduled");
        if (scheduled.isPresent() && "False".equals(scheduled.get().getStatus())) {
            return SchedulingCause.of(seen, pod, scheduled.get());
        }
        return lostNode(seen, pod).orElseGet(() -> ContainerCause.of(seen, pod));
    }

    /** The pod that is judged; one that is being deleted is not. */
    public static Optional<Pod> newest(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                // Of two that were created in the same second, the one that is not ready came later.
                .max(Comparator.comparing(
                                (Pod pod) -> String.valueOf(pod.getMetadata().getCreationTimestamp()))
                        .thenComparing(pod -> !isReady(pod)));
    }

    /** The container that keeps a pod from becoming ready, if a run of it has ended. */
    public static Optional<ContainerStatus> ended(Pod pod) {
        return ContainerCause.first(pod)
                .filter(status -> ContainerCause.end(status).isPresent());
    }

    private static Diagnosis endedByNode(Observation seen, Pod pod) {
        Diagnosis cause = Sign.read(
                ENDED_BY_NODE,
                seen,
                pod,
                name(pod) + " was terminated by the node: ",
                pod.getStatus().getReason() + ": " + oneLine(pod.getStatus().getMessage()),
                false);
        // Nobody replaces the pod of a Job that runs once.
        return seen.subject() == Subject.JOB ? cause.forGood() : cause;
    }

    /** Only the node's own condition is true at once; the pod's status stays what it was. */
    private static Optional<Diagnosis> lostNode(Observation seen, Pod pod) {
        return seen.nodes().orElse(List.of()).stream()
                .filter(node -> node.getStatus() != null)
                .filter(node ->
                        node.getMetadata().getName().equals(pod.getSpec().getNodeName()))
                .flatMap(node -> node.getStatus().getConditions().stream())
                .filter(condition -> "Ready".equals(condition.getType()) && !"True".equals(condition.getStatus()))
                .findFirst()
                .map(NodeCondition::getMessage)
                .map(message -> Diagnosis.blocked(
                        name(pod) + " is on node " + pod.getSpec().getNodeName() + ", which is not ready: " + message,
                        "Waiting for the node: if it is gone for good, kubectl delete node "
                                + pod.getSpec().getNodeName()));
    }

    /** What the controller says, unless it has made a pod or was given a new specification since. */
    private static Optional<Diagnosis> refused(Observation seen) {
        Instant changed = seen.workloads().stream()
                .flatMap(workload -> workload.changedAt().stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
        return seen.events().stream()
                .filter(event -> List.of(
                                "SuccessfulCreate",
                                "FailedCreate",
                                "Suspended",
                                "Resumed",
                                "DeadlineExceeded",
                                "BackoffLimitExceeded")
                        .contains(event.getReason()))
                .filter(event -> isOfController(seen, event))
                .filter(event -> !message(event).startsWith("create Claim") || "FailedCreate".equals(event.getReason()))
                .filter(event -> !when(event).isBefore(changed))
                .max(Comparator.comparing(Diagnose::when))
                .flatMap(event -> refusal(seen, event));
    }

    private static boolean isOfController(Observation seen, Event event) {
        String name = String.valueOf(event.getInvolvedObject().getName());
        if (seen.subject() == Subject.JOB) {
            return "Job".equals(event.getInvolvedObject().getKind()) && name.equals(seen.release());
        }
        return seen.workloads().isEmpty()
                ? name.contains(seen.release())
                : seen.workloads().stream().anyMatch(workload -> workload.owns(name));
    }

    private static Optional<Diagnosis> refusal(Observation seen, Event event) {
        String message = message(event);
        String start = "no pod can be created: ";
        Matcher demands = QUOTA_DEMANDS.matcher(message);
        return switch (event.getReason()) {
            case "FailedCreate" ->
                Optional.of(
                        demands.find()
                                ? Diagnosis.failed(
                                        start + message,
                                        seen.subject()
                                                        .fill("Set " + missing(demands.group(1))
                                                                + " under resources {settings}")
                                                + ", e.g. resources: {requests: {cpu: \"4\", memory: 16Gi}, limits: {cpu: \"4\", memory: 16Gi}}")
                                : Sign.read(REFUSED, seen, null, start, message, false));
            case "Suspended" ->
                Optional.of(Diagnosis.blocked(
                        "Job " + seen.release() + " is suspended: " + message, "Waiting for its queue to resume it"));
            case "DeadlineExceeded", "BackoffLimitExceeded" ->
                Optional.of(Diagnosis.failed(
                        "Job " + seen.release() + " has failed: " + message,
                        "See: kubectl -n " + seen.namespace() + " describe job " + seen.release()));
            default -> Optional.empty();
        };
    }

    /** {@code limits.cpu for: a; limits.memory for: a} without the containers' names. */
    private static String missing(String demands) {
        return demands.replaceAll(" for: [^;]*", "").replaceAll("[;,] ?", ", ");
    }

    private static Diagnosis noPod(Observation seen) {
        return seen.pods().isEmpty()
                ? Diagnosis.progressing("waiting for the pod to be created")
                : seen.pods().stream()
                        .flatMap(pod -> lostNode(seen, pod).stream())
                        .findFirst()
                        .orElse(Diagnosis.progressing("waiting for the old pod to terminate"));
    }

    static Optional<PodCondition> condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    public static boolean isReady(Pod pod) {
        return condition(pod, "Ready").filter(c -> "True".equals(c.getStatus())).isPresent();
    }

    /** A StatefulSet labels its pods with their revision; a Deployment only counts the pods of the newest one. */
    private static boolean isCurrent(Observation seen, Pod pod) {
        String revision = pod.getMetadata().getLabels() == null
                ? null
                : pod.getMetadata().getLabels().get("controller-revision-hash");
        return seen.workloads().stream()
                .allMatch(workload -> workload.updateRevision().isPresent() && revision != null
                        ? workload.updateRevision().get().equals(revision)
                        : workload.updatedReplicas() >= workload.replicas());
    }

    /** In one line, without the prefix of an event that was repeated with other names. */
    static String message(Event event) {
        return oneLine(event.getMessage()).replace("(combined from similar events): ", "");
    }

    static String oneLine(String message) {
        return Objects.requireNonNullElse(message, "no reason given").strip().replaceAll("\\s*\\R\\s*", " ");
    }

    static <T> Optional<T> last(Stream<T> oldestFirst) {
        return oldestFirst.reduce((older, newer) -> newer);
    }

    static String name(Pod pod) {
        return "pod " + pod.getMetadata().getName();
    }

    static String describe(Observation seen, Pod pod) {
        return "See: kubectl -n " + seen.namespace()
                + (pod == null
                        ? " get events"
                        : " describe pod " + pod.getMetadata().getName());
    }

    static boolean isYoung(Observation seen, String since) {
        return since == null
                || Duration.between(Instant.parse(since), seen.at()).compareTo(GRACE) < 0;
    }

    /** The newest event about an object with one of these reasons. */
    static Optional<Event> lastEvent(Observation seen, String kind, String name, String... reasons) {
        return seen.events().stream()
                .filter(event -> kind.equals(event.getInvolvedObject().getKind())
                        && name.equals(event.getInvolvedObject().getName()))
                .filter(event -> List.of(reasons).contains(event.getReason()))
                .max(Comparator.comparing(Diagnose::when));
    }

    /** Events about this pod, oldest first: a StatefulSet's next pod has the same name and another uid. */
    static Stream<Event> events(Observation seen, Pod pod, String... reasons) {
        return seen.events().stream()
                .filter(event -> "Pod".equals(event.getInvolvedObject().getKind())
                        && pod.getMetadata()
                                .getName()
                                .equals(event.getInvolvedObject().getName()))
                .filter(event -> event.getInvolvedObject().getUid() == null
                        || pod.getMetadata().getUid() == null
                        || event.getInvolvedObject()
                                .getUid()
                                .equals(pod.getMetadata().getUid()))
                .filter(event -> List.of(reasons).contains(event.getReason()))
                .sorted(Comparator.comparing(Diagnose::when));
    }

    static Optional<Event> lastEvent(Observation seen, Pod pod, String... reasons) {
        return last(events(seen, pod, reasons));
    }

    /** The scheduler's events have only an event time, repeated ones a series. */
    static Instant when(Event event) {
        return Stream.of(
                        event.getSeries() == null || event.getSeries().getLastObservedTime() == null
                                ? null
                                : event.getSeries().getLastObservedTime().getTime(),
                        event.getLastTimestamp(),
                        event.getEventTime() == null
                                ? null
                                : event.getEventTime().getTime(),
                        event.getFirstTimestamp())
                .filter(Objects::nonNull)
                .findFirst()
                .map(Instant::parse)
                .orElse(Instant.MIN);
    }
}
