package nimload.deploy.diagnosis;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a StatefulSet or Deployment has got with its newest specification. Right after an upgrade the old pod is still there and still ready.
 *
 * @param updateRevision the revision that a StatefulSet's pods should have
 * @param changedAt when its specification was last written; failures before that are of the former one
 */
public record Workload(
        String name,
        long generation,
        long observedGeneration,
        Optional<String> updateRevision,
        int replicas,
        int updatedReplicas,
        Optional<Instant> changedAt) {

    /** Whether the controller has read the newest specification; until then its figures describe the previous one. */
    boolean isObserved() {
        return observedGeneration >= generation;
    }

    /** Whether an object is this workload or one of its ReplicaSets. */
    boolean owns(String objectName) {
        return objectName.equals(name) || objectName.startsWith(name + "-");
    }
}
