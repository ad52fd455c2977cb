package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import nimload.deploy.Time;
import nimload.deploy.diagnosis.Observation;
import nimload.deploy.settings.NimSettings;

/** Reads what {@link nimload.deploy.diagnosis.Diagnose} judges. What this user may not read is left out of the observation. */
public final class Observer {

    public static final String INSTANCE = "app.kubernetes.io/instance";

    /** Enough for the last exception's own line, short enough for one line of output. */
    private static final int LOG_LINES = 3;

    private static final int LONGEST_LOG_LINE = 200;

    private final KubernetesClient client;
    private final Time time;

    public Observer(KubernetesClient client, Time time) {
        this.client = client;
        this.time = time;
    }

    public Observation observe(NimSettings nim) {
        List<Pod> pods = pods(nim);
        boolean unscheduled = pods.stream().anyMatch(pod -> pod.getSpec().getNodeName() == null);
        return new Observation(
                time.now(),
                nim.namespace(),
                nim.release(),
                pods,
                permitted(() -> client.v1()
                                .events()
                                .inNamespace(nim.namespace())
                                .list()
                                .getItems())
                        .orElse(List.of()),
                claims(nim, pods),
                permitted(() -> client.nodes().list().getItems()),
                permitted(() -> client.storage().v1().storageClasses().list().getItems()),
                // Every pod of the cluster is a long list: read only while it says something.
                unscheduled
                        ? permitted(() -> client.pods().inAnyNamespace().list().getItems())
                        : Optional.empty(),
                lastWords(pods));
    }

    public List<Pod> pods(NimSettings nim) {
        return client.pods()
                .inNamespace(nim.namespace())
                .withLabel(INSTANCE, nim.release())
                .list()
                .getItems();
    }

    /** Those that the pods name, and those that carry the release's label. */
    public List<PersistentVolumeClaim> claims(NimSettings nim, List<Pod> pods) {
        Set<String> used = pods.stream()
                .flatMap(pod -> pod.getSpec().getVolumes().stream())
                .map(Volume::getPersistentVolumeClaim)
                .filter(Objects::nonNull)
                .map(source -> source.getClaimName())
                .collect(Collectors.toSet());
        return permitted(() -> client.persistentVolumeClaims()
                        .inNamespace(nim.namespace())
                        .list()
                        .getItems())
                .orElse(List.of())
                .stream()
                .filter(claim -> used.contains(claim.getMetadata().getName())
                        || claim.getMetadata().getLabels() != null
                                && nim.release()
                                        .equals(claim.getMetadata().getLabels().get(INSTANCE)))
                .toList();
    }

    private List<String> lastWords(List<Pod> pods) {
        return pods.stream()
                .filter(Observer::hasRestarted)
                .findFirst()
                .map(pod -> log(pod))
                .orElse(List.of());
    }

    private List<String> log(Pod pod) {
        try {
            return client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .terminated()
                    .tailingLines(LOG_LINES)
                    .getLog()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.length() > LONGEST_LOG_LINE ? line.substring(0, LONGEST_LOG_LINE) + "…" : line)
                    .toList();
        } catch (KubernetesClientException e) {
            return List.of("(log not readable: " + e.getCode() + ")");
        }
    }

    private static boolean hasRestarted(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getRestartCount)
                .anyMatch(count -> count != null && count > 0);
    }

    /** Empty where the user's role does not allow it; any other failure is one. */
    public static <T> Optional<T> permitted(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
