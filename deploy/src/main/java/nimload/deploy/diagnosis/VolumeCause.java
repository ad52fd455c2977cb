package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a pod's claim has no volume. */
final class VolumeCause {

    /** Words with which provisioners refuse a size; there is no common reason code. An exceeded deadline is a matter of time. */
    private static final Pattern TOO_LARGE = Pattern.compile(
            "quota|(?<!deadline ?)exceed|too large|insufficient|not enough|no space", Pattern.CASE_INSENSITIVE);

    private VolumeCause() {}

    static Diagnosis of(Observation seen, Pod pod, String message) {
        if (message.contains("not found")) {
            return Diagnosis.failed(
                    Diagnose.name(pod) + " uses a claim that does not exist: \"" + message + "\"",
                    (nim(seen)
                                    ? "Correct persistence.existingClaim in the settings file, or leave it empty"
                                    : "Create the claim")
                            + ". See: kubectl -n " + seen.namespace() + " get pvc");
        }
        return seen.claims().stream()
                .filter(claim -> "Pending".equals(claim.getStatus().getPhase()))
                .findFirst()
                .map(claim -> pending(seen, claim))
                .orElse(Diagnosis.blocked(
                        Diagnose.name(pod) + " is waiting for a volume: \"" + message + "\"",
                        Diagnose.describe(seen, pod)));
    }

    private static Diagnosis pending(Observation seen, PersistentVolumeClaim claim) {
        String name = claim.getMetadata().getName();
        String size =
                String.valueOf(claim.getSpec().getResources().getRequests().get("storage"));
        String start = "claim " + name + " (" + size + ") is Pending: ";
        String see = "See: kubectl -n " + seen.namespace() + " describe pvc " + name;
        Optional<String> refusal = Diagnose.lastEvent(seen, "PersistentVolumeClaim", name, "ProvisioningFailed")
                .map(Diagnose::message);
        String wanted = claim.getSpec().getStorageClassName();
        Optional<List<StorageClass>> classes = seen.storageClasses();
        if (classes.isPresent()) {
            List<String> names = classes.get().stream()
                    .map(found -> found.getMetadata().getName())
                    .toList();
            String known = names.isEmpty() ? "the cluster has no storage class" : "known: " + String.join(", ", names);
            if ((wanted == null || wanted.isEmpty()) && classes.get().stream().noneMatch(StorageClasses::isDefault)) {
                return Diagnosis.failed(
                        start + "it names no storage class and the cluster has no default class (" + known + ")",
                        "Set " + seen.subject().fill("{persistence.}storageClass {settings}")
                                + (nim(seen) ? ", or persistence.enabled: false; then run down and up" : ""));
            }
            if (wanted != null && !wanted.isEmpty() && !names.contains(wanted)) {
                return Diagnosis.failed(
                        start + "its storage class \"" + wanted + "\" does not exist (" + known + ")",
                        "Correct " + seen.subject().fill("{persistence.}storageClass {settings}")
                                + (nim(seen) ? "; then run down --purge " + seen.namespace() + " and up" : ""));
            }
        }
        if (refusal.isPresent()) {
            return TOO_LARGE.matcher(refusal.get()).find()
                    ? Diagnosis.failed(
                            start + "the provisioner refuses its size: \"" + refusal.get() + "\"",
                            "Lower " + seen.subject().fill("{persistence.}size {settings}")
                                    + ", or request more storage. " + see)
                    : Diagnosis.blocked(start + "\"" + refusal.get() + "\"", see);
        }
        return Diagnosis.progressing("waiting for the volume of claim " + name + " (" + size + ")");
    }

    private static boolean nim(Observation seen) {
        return seen.subject() == Subject.NIM;
    }
}
