package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of a release, or the first thing that keeps it from becoming ready, from one {@link Observation}. Pure: the same observation gives the
 * same answer. Causes are checked in the order in which a pod meets them: created, scheduled, volumes, image, configuration, running, ready.
 */
public final class Diagnose {

    private Diagnose() {}

    public static Diagnosis of(Observation seen) {
        Optional<Pod> newest = seen.pods().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .max(Comparator.comparing(
                        pod -> String.valueOf(pod.getMetadata().getCreationTimestamp())));
        if (newest.isEmpty()) {
            return noPod(seen);
        }
        Pod pod = newest.get();
        Optional<Workload> unobserved = seen.workloads().stream()
                .filter(workload -> !workload.isObserved())
                .findFirst();
        if (unobserved.isPresent()) {
            return Diagnosis.progressing("waiting for the controller to apply the change");
        }
        if (isReady(pod)) {
            return isCurrent(seen, pod)
                    ? Diagnosis.ready("ready")
                    : Diagnosis.progressing("waiting for the old pod to be replaced");
        }
        if ("Failed".equals(pod.getStatus().getPhase())) {
            return Diagnosis.blocked(
                    name(pod) + " was terminated by the node: "
                            + Optional.ofNullable(pod.getStatus().getReason()).orElse("no reason given") + " "
                            + Optional.ofNullable(pod.getStatus().getMessage()).orElse(""),
                    describe(seen, pod));
        }
        Optional<PodCondition> scheduled = condition(pod, "PodScheduled");
        if (scheduled.isPresent() && "False".equals(scheduled.get().getStatus())) {
            return SchedulingCause.of(seen, pod, scheduled.get());
        }
        return ContainerCause.of(seen, pod);
    }

    private static Diagnosis noPod(Observation seen) {
        Optional<Event> failure = seen.events().stream()
                .filter(event -> "FailedCreate".equals(event.getReason()))
                .filter(event ->
                        String.valueOf(event.getInvolvedObject().getName()).contains(seen.release()))
                .max(Comparator.comparing(Diagnose::when));
        if (failure.isEmpty()) {
            return seen.pods().isEmpty()
                    ? Diagnosis.progressing("waiting for the pod to be created")
                    : Diagnosis.progressing("waiting for the old pod to terminate");
        }
        String message = failure.get().getMessage();
        if (message.contains("exceeded quota")) {
            return Diagnosis.failed(
                    "no pod can be created: " + message,
                    "Ask for a larger quota, or lower resources and gpus in the settings file. See: kubectl -n "
                            + seen.namespace() + " describe resourcequota");
        }
        if (message.contains("violates PodSecurity")) {
            return Diagnosis.failed(
                    "no pod can be created: " + message,
                    "Set podSecurityContext and containerSecurityContext under values in the settings file, or use a namespace with a less strict policy");
        }
        return Diagnosis.blocked(
                "no pod can be created: " + message, "See: kubectl -n " + seen.namespace() + " get events");
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

    static String name(Pod pod) {
        return "pod " + pod.getMetadata().getName();
    }

    static String describe(Observation seen, Pod pod) {
        return "See: kubectl -n " + seen.namespace() + " describe pod "
                + pod.getMetadata().getName();
    }

    /** The newest event about an object with one of these reasons. */
    static Optional<Event> lastEvent(Observation seen, String kind, String name, String... reasons) {
        return events(seen, kind, name, reasons).max(Comparator.comparing(Diagnose::when));
    }

    static Stream<Event> events(Observation seen, String kind, String name, String... reasons) {
        return seen.events().stream()
                .filter(event -> kind.equals(event.getInvolvedObject().getKind())
                        && name.equals(event.getInvolvedObject().getName()))
                .filter(event -> List.of(reasons).contains(event.getReason()));
    }

    static String when(Event event) {
        return event.getLastTimestamp() != null ? event.getLastTimestamp() : String.valueOf(event.getFirstTimestamp());
    }
}
