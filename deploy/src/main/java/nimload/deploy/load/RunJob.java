package nimload.deploy.load;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.Observer;
import nimload.deploy.cluster.Ownership;
import nimload.deploy.settings.NimSettings;

/** The one run in a namespace: manifests/run.yaml as a Job, with a ConfigMap of its inputs and a Secret with the NIM's key, which end with it. */
public final class RunJob {

    public static final String NAME = "nimload-run";

    /** Which tool's results the run leaves, and which suite it waits for: another machine may attach. */
    static final String TOOL = "nimload/tool";

    static final String SUITE = "nimload/suite-sha256";
    static final String STAMP = "nimload/run";
    static final String START = "nimload/start-at";
    static final String PREPARATION = "nimload/preparation";

    /** Of the Job controller. */
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";

    /** A generator that nobody starts frees its CPU and memory then. More than one waits for its suite. */
    static final int WAIT_SECONDS = 3600;

    /**
     * A generator waits for the file that says when all of them begin. A shell that is a container's first process ignores
     * signals that it does not trap.
     */
    private static final String WAIT =
            "echo $$ >pid; trap 'exit 143' TERM; seconds=0; until [ -s start ]; do [ $seconds -lt " + WAIT_SECONDS
                    + " ] || { echo 'not started within " + WAIT_SECONDS
                    + " s'; exit 1; }; sleep 1; seconds=$((seconds + 1)); done; trap - TERM; export NIM_GENERATOR=$((JOB_COMPLETION_INDEX + 1))/%d; . ./start; exec \"$@\"";

    private static final String KEY = "NIM_API_KEY";

    /**
     * What to run.
     *
     * @param name distinguishes this run from every other one
     * @param command words of the run's command line
     * @param environment of the run; nothing secret
     * @param suite the archive to wait for; empty if the image has all it needs
     * @param files mounted at /input
     * @param key the NIM's API key; goes only into a Secret
     * @param pullSecret in the run's namespace
     * @param generators pods that make the run together
     * @param preparation of several generators, from the moment at which the last of them has its start to the first level
     */
    public record Spec(
            String name,
            String tool,
            String image,
            List<String> command,
            Map<String, String> environment,
            Optional<Suite> suite,
            Map<String, String> files,
            Optional<String> key,
            Optional<String> pullSecret,
            int generators,
            Duration preparation) {}

    private static final Comparator<Pod> BY_AGE =
            Comparator.comparing(pod -> String.valueOf(pod.getMetadata().getCreationTimestamp()));

    private final KubernetesClient client;
    private final String namespace;
    private final Path manifest;

    public RunJob(KubernetesClient client, String namespace, Path manifest) {
        this.client = client;
        this.namespace = namespace;
        this.manifest = manifest;
    }

    public Optional<Job> find() {
        return Optional.ofNullable(
                client.batch().v1().jobs().inNamespace(namespace).withName(NAME).get());
    }

    /** Why Kubernetes gave the Job up, e.g. because its pod was deleted; empty while it has not. */
    static Optional<String> failure(Job job) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition ->
                                "Failed".equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .map(condition -> condition.getReason() + ", " + condition.getMessage())
                        .findFirst();
    }

    /** Creates and starts the run; false if there is one already. */
    public boolean create(Spec spec, List<NimSettings> awayFrom) {
        Job job;
        try {
            job = client.resource(filled(spec, awayFrom)).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                return false;
            }
            throw e;
        }
        OwnerReference owner = new OwnerReferenceBuilder()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withName(NAME)
                .withUid(job.getMetadata().getUid())
                .build();
        put(new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withLabels(Ownership.LABELS)
                .withOwnerReferences(owner)
                .endMetadata()
                .withData(spec.files())
                .build());
        spec.key()
                .ifPresent(key -> put(new SecretBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(namespace)
                        .withLabels(Ownership.LABELS)
                        .withOwnerReferences(owner)
                        .endMetadata()
                        .withData(Map.of(
                                KEY,
                                java.util.Base64.getEncoder()
                                        .encodeToString(key.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                        .build()));
        client.resource(job)
                .edit(found -> new JobBuilder(found)
                        .editSpec()
                        .withSuspend(false)
                        .endSpec()
                        .build());
        return true;
    }

    /** Those of an earlier run may still wait for their garbage collection. */
    private void put(HasMetadata object) {
        client.resource(object).delete();
        client.resource(object).create();
    }

    /** Deletes the run with its pod and inputs; does nothing if there is none. */
    public void delete() {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(NAME)
                .withPropagationPolicy(io.fabric8.kubernetes.api.model.DeletionPropagation.BACKGROUND)
                .delete();
        client.configMaps().inNamespace(namespace).withName(NAME).delete();
        client.secrets().inNamespace(namespace).withName(NAME).delete();
    }

    /** As {@link #delete}, with a line about it; empty if there is none. */
    public Optional<String> remove() {
        Optional<Job> found = find();
        found.ifPresent(job -> delete());
        return found.map(job -> "job " + NAME + " in " + namespace + ": deleted");
    }

    /** How many generators make the run together. */
    static int generators(Job job) {
        return job.getSpec().getCompletions();
    }

    /** From the moment at which the last generator has its start to the first level. */
    static Duration preparation(Job job) {
        return Duration.parse(job.getMetadata().getAnnotations().get(PREPARATION));
    }

    /** When the generators begin, by their clocks; empty before the first of them was given it. */
    static Optional<Instant> startAt(Job job) {
        return Optional.ofNullable(job.getMetadata().getAnnotations().get(START))
                .map(Instant::parse);
    }

    /** Writes down when the generators begin, for whoever attaches before all of them have it. */
    Instant markStart(Instant startAt) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(NAME)
                .edit(found -> new JobBuilder(found)
                        .editMetadata()
                        .addToAnnotations(START, startAt.toString())
                        .endMetadata()
                        .build());
        return startAt;
    }

    /**
     * The newest pod of this very Job, of several generators the first of this index: one that replaces it measures nothing.
     * Empty until the Job's controller has created it, and after it was deleted.
     *
     * @param index from 0
     */
    public Optional<Pod> pod(Job job, int index) {
        if (generators(job) == 1) {
            return pods(job).max(BY_AGE);
        }
        return pods(job)
                .filter(pod -> Integer.toString(index)
                        .equals(pod.getMetadata().getAnnotations().get(INDEX)))
                .min(BY_AGE);
    }

    private Stream<Pod> pods(Job job) {
        return client.pods().inNamespace(namespace).withLabel("job-name", NAME).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> job.getMetadata().getUid().equals(owner.getUid())));
    }

    private Job filled(Spec spec, List<NimSettings> awayFrom) {
        Job job = template();
        job.getMetadata().setNamespace(namespace);
        job.getMetadata().setLabels(Ownership.LABELS);
        job.getMetadata()
                .setAnnotations(Map.of(
                        STAMP,
                        spec.name(),
                        TOOL,
                        spec.tool(),
                        SUITE,
                        spec.suite().map(Suite::sha256).orElse(""),
                        PREPARATION,
                        spec.preparation().toString()));
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        if (spec.suite().isEmpty()) {
            pod.setInitContainers(List.of());
        }
        pod.getInitContainers().forEach(container -> container.setImage(spec.image()));
        pod.getContainers().forEach(container -> container.setImage(spec.image()));
        spec.pullSecret().ifPresent(name -> pod.setImagePullSecrets(List.of(new LocalObjectReference(name))));
        pod.getAffinity()
                .getPodAntiAffinity()
                .setPreferredDuringSchedulingIgnoredDuringExecution(awayFrom.stream()
                        .map(nim -> new WeightedPodAffinityTermBuilder()
                                .withWeight(100)
                                .withNewPodAffinityTerm()
                                .withTopologyKey("kubernetes.io/hostname")
                                .withNamespaces(nim.namespace())
                                .withNewLabelSelector()
                                .addToMatchLabels(Observer.INSTANCE, nim.release())
                                .endLabelSelector()
                                .endPodAffinityTerm()
                                .build())
                        .toList());
        Container run = pod.getContainers().get(0);
        run.setArgs(spec.command());
        if (spec.generators() > 1) {
            job.getSpec().setCompletions(spec.generators());
            job.getSpec().setParallelism(spec.generators());
            // One that fails ends none of the others, and is not repeated.
            job.getSpec().setBackoffLimit(null);
            job.getSpec().setBackoffLimitPerIndex(0);
            run.setCommand(List.of("sh", "-c", WAIT.formatted(spec.generators()), "sh"));
        }
        spec.environment()
                .forEach((name, value) -> run.getEnv()
                        .add(new EnvVarBuilder().withName(name).withValue(value).build()));
        if (spec.key().isPresent()) {
            run.getEnv()
                    .add(new EnvVarBuilder()
                            .withName(KEY)
                            .withNewValueFrom()
                            .withNewSecretKeyRef(KEY, NAME, false)
                            .endValueFrom()
                            .build());
        }
        return job;
    }

    private Job template() {
        try (InputStream in = Files.newInputStream(manifest)) {
            return client.batch().v1().jobs().load(in).item();
        } catch (IOException e) {
            throw new DeployException(
                    manifest + ": cannot be read (" + e.getMessage() + "); restore it from the repository", e);
        }
    }
}
