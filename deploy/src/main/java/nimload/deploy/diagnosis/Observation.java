package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the cluster reported about one release or Job at one moment. Whatever the user is not allowed to read is absent, which is not the same as empty.
 *
 * @param release the release's name, or the Job's
 * @param workloads the StatefulSet or Deployment of this release, or the Job; may be empty
 * @param pods of this release or Job
 * @param events in its namespace
 * @param claims mounted by its pods or created by its StatefulSet
 * @param otherPods every pod in the cluster, to name those that hold the GPUs
 * @param lastLogLines from the last run of the newest pod's failing container; empty unless it ended
 */
public record Observation(
        Subject subject,
        Instant at,
        String namespace,
        String release,
        List<Workload> workloads,
        List<Pod> pods,
        List<Event> events,
        List<PersistentVolumeClaim> claims,
        Optional<List<Node>> nodes,
        Optional<List<StorageClass>> storageClasses,
        Optional<List<Pod>> otherPods,
        List<String> lastLogLines) {

    /**
     * Pods of a StatefulSet's former revision that are not ready: it waits for them before it replaces them, which is for ever if they never will be.
     * Empty until its controller has read the newest specification. A Deployment replaces such pods itself.
     */
    public List<Pod> brokenFormerPods() {
        return pods.stream()
                .filter(pod -> !Diagnose.isReady(pod) && pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> workloads.stream()
                        .anyMatch(workload -> workload.isObserved()
                                && workload.updateRevision().isPresent()
                                && pod.getMetadata().getName().startsWith(workload.name() + "-")
                                && !workload.updateRevision().equals(revision(pod))))
                .toList();
    }

    /** The revision that a StatefulSet or a Deployment's ReplicaSet writes on its pods. */
    static Optional<String> revision(Pod pod) {
        Map<String, String> labels =
                Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
        return Optional.ofNullable(labels.getOrDefault("controller-revision-hash", labels.get("pod-template-hash")));
    }
}
