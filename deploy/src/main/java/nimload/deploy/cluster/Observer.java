package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.deploy.Time;
import nimload.deploy.diagnosis.Diagnose;
import nimload.deploy.diagnosis.Observation;
import nimload.deploy.diagnosis.Subject;
import nimload.deploy.diagnosis.Workload;
import nimload.deploy.settings.NimSettings;

/** Reads what {@link nimload.deploy.diagnosis.Diagnose} judges. Whatever this user is not allowed to read is left out of the observation. */
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
        // Before the pods: if a controller acts between the two reads, the old pod must not pass for the new one.
        List<Workload> workloads = workloads(nim);
        return observe(Subject.NIM, nim.namespace(), nim.release(), workloads, pods(nim));
    }

    /** The pod of a batch/v1 Job, which has no NIM and no release. */
    public Observation observeJob(String namespace, String job) {
        Optional<Job> owner = Optional.ofNullable(
                client.batch().v1().jobs().inNamespace(namespace).withName(job).get());
        // Failures before its creation are of an earlier Job of that name, and so are pods with another owner.
        List<Workload> created = owner.stream()
                .map(found -> Instant.parse(found.getMetadata().getCreationTimestamp()))
                .map(at -> new Workload(job, 0, 0, Optional.empty(), 0, 0, Optional.of(at)))
                .toList();
        return observe(
                Subject.JOB,
                namespace,
                job,
                created,
                client.pods().inNamespace(namespace).withLabel("job-name", job).list().getItems().stream()
                        .filter(pod -> owner.isEmpty()
                                || pod.getMetadata().getOwnerReferences().stream()
                                        .anyMatch(reference -> owner.get()
                                                .getMetadata()
                                                .getUid()
                                                .equals(reference.getUid())))
                        .toList());
    }

    private Observation observe(
            Subject subject, String namespace, String name, List<Workload> workloads, List<Pod> pods) {
        boolean unscheduled = pods.stream().anyMatch(pod -> pod.getSpec().getNodeName() == null);
        return new Observation(
                subject,
                time.now(),
                namespace,
                name,
                workloads,
                pods,
                permitted(() -> client.v1()
                                .events()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .orElse(List.of()),
                claims(namespace, name, pods),
                permitted(() -> client.nodes().list().getItems()),
                permitted(() -> client.storage().v1().storageClasses().list().getItems()),
                // The list of every pod in the cluster is long: read only while it helps.
                unscheduled
                        ? permitted(() -> client.pods().inAnyNamespace().list().getItems())
                        : Optional.empty(),
                lastLogLines(pods));
    }

    private List<Workload> workloads(NimSettings nim) {
        Stream<Workload> sets = client
                .apps()
                .statefulSets()
                .inNamespace(nim.namespace())
                .withLabel(INSTANCE, nim.release())
                .list()
                .getItems()
                .stream()
                .map(set -> new Workload(
                        set.getMetadata().getName(),
                        number(set.getMetadata().getGeneration()),
                        set.getStatus() == null ? 0 : number(set.getStatus().getObservedGeneration()),
                        Optional.ofNullable(set.getStatus()).map(status -> status.getUpdateRevision()),
                        (int) number(set.getSpec().getReplicas()),
                        set.getStatus() == null
                                ? 0
                                : (int) number(set.getStatus().getUpdatedReplicas()),
                        changedAt(set)));
        Stream<Workload> deployments = client
                .apps()
                .deployments()
                .inNamespace(nim.namespace())
                .withLabel(INSTANCE, nim.release())
                .list()
                .getItems()
                .stream()
                .map(deployment -> new Workload(
                        deployment.getMetadata().getName(),
                        number(deployment.getMetadata().getGeneration()),
                        deployment.getStatus() == null
                                ? 0
                                : number(deployment.getStatus().getObservedGeneration()),
                        Optional.empty(),
                        (int) number(deployment.getSpec().getReplicas()),
                        deployment.getStatus() == null
                                ? 0
                                : (int) number(deployment.getStatus().getUpdatedReplicas()),
                        changedAt(deployment)));
        return Stream.concat(sets, deployments).toList();
    }

    /** The API server notes who wrote what when; controllers write the subresource status only. */
    private static Optional<Instant> changedAt(HasMetadata workload) {
        return workload.getMetadata().getManagedFields().stream()
                .filter(entry -> entry.getSubresource() == null && entry.getTime() != null)
                .map(entry -> Instant.parse(entry.getTime()))
                .max(Comparator.naturalOrder());
    }

    private static long number(Number value) {
        return value == null ? 0 : value.longValue();
    }

    public List<Pod> pods(NimSettings nim) {
        return client.pods()
                .inNamespace(nim.namespace())
                .withLabel(INSTANCE, nim.release())
                .list()
                .getItems();
    }

    public List<PersistentVolumeClaim> claims(NimSettings nim, List<Pod> pods) {
        return claims(nim.namespace(), nim.release(), pods);
    }

    /** The claims that the pods mount, and those with the release's label. */
    private List<PersistentVolumeClaim> claims(String namespace, String release, List<Pod> pods) {
        Set<String> used = pods.stream()
                .flatMap(pod -> pod.getSpec().getVolumes().stream())
                .map(Volume::getPersistentVolumeClaim)
                .filter(Objects::nonNull)
                .map(source -> source.getClaimName())
                .collect(Collectors.toSet());
        return permitted(() -> client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .list()
                        .getItems())
                .orElse(List.of())
                .stream()
                .filter(claim -> used.contains(claim.getMetadata().getName())
                        || claim.getMetadata().getLabels() != null
                                && release.equals(
                                        claim.getMetadata().getLabels().get(INSTANCE)))
                .toList();
    }

    private List<String> lastLogLines(List<Pod> pods) {
        return Diagnose.newest(pods)
                .flatMap(pod -> Diagnose.ended(pod).map(container -> log(pod, container)))
                .orElse(List.of());
    }

    /** Of the run that ended: the one before the newest, unless the container was not started again. */
    private List<String> log(Pod pod, ContainerStatus container) {
        ContainerResource log = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .inContainer(container.getName());
        boolean ended = container.getState() != null && container.getState().getTerminated() != null;
        try {
            return (ended ? log : log.terminated())
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

    /** Empty if there is none, or if the user's role does not allow it; any other failure is thrown. */
    public static <T> Optional<T> permitted(Supplier<T> read) {
        try {
            return Optional.ofNullable(read.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
