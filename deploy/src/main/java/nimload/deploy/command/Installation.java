package nimload.deploy.command;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import nimload.deploy.DeployException;
import nimload.deploy.Time;
import nimload.deploy.chart.Chart;
import nimload.deploy.chart.ChartValues;
import nimload.deploy.cluster.Addresses;
import nimload.deploy.cluster.Observer;
import nimload.deploy.cluster.Prerequisites;
import nimload.deploy.diagnosis.Diagnose;
import nimload.deploy.diagnosis.Diagnosis;
import nimload.deploy.diagnosis.Observation;
import nimload.deploy.helm.HelmReleases;
import nimload.deploy.helm.HelmValues;
import nimload.deploy.helm.ReleaseAction;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.report.Endpoint;
import nimload.deploy.settings.NimSettings;

/** Installs one NIM, from its settings to its address: chart, values, namespace and Secrets, release, wait, endpoint. Each step is safe to repeat. */
final class Installation {

    /** Short enough to show phases that last seconds; each poll is six reads from one API server. */
    private static final Duration POLL = Duration.ofSeconds(3);

    private final Workplace work;
    private final NimSettings nim;
    private final HelmReleases helm;
    private final Consumer<String> phase;
    private final Consumer<String> note;

    /**
     * @param phase receives what is being done or waited for
     * @param note receives what was done, and what the user should know
     */
    Installation(Workplace work, NimSettings nim, HelmReleases helm, Consumer<String> phase, Consumer<String> note) {
        this.work = work;
        this.nim = nim;
        this.helm = helm;
        this.phase = phase;
        this.note = note;
    }

    /** The chart and its values. Touches only this machine's target folder. */
    record Prepared(Chart chart, ChartValues values) {}

    static Prepared prepare(Workplace work, NimSettings nim) {
        Chart chart = work.charts().fetch(nim);
        Map<String, Object> written = HelmValues.read(work.settings.source(), work.edges.target(), work.edges.exit());
        return new Prepared(chart, ChartValues.of(work.settings, nim, written, chart.defaults()));
    }

    /**
     * @param timeout for another command that is at work on the release
     * @throws DeployException before anything is created, if the release is not ours
     */
    ReleaseAction install(Prepared prepared, Prerequisites prerequisites, Duration timeout)
            throws InterruptedException {
        while (true) {
            prerequisites.requireOurs(nim);
            Optional<ReleaseRecord> found = Turn.await(work, nim, timeout, phase);
            ReleaseAction action =
                    ReleaseAction.of(found, prepared.chart(), prepared.values().values());
            if (action == ReleaseAction.REFUSE) {
                throw refused(nim);
            }
            try {
                carryOut(action, found, prepared, prerequisites);
                endFormerPodsFirst();
                return action;
            } catch (DeployException e) {
                Optional<ReleaseRecord> now = ReleaseRecord.read(work.client(), nim.namespace(), nim.release());
                if (now.equals(found)
                        || now.filter(record -> !record.status().equals("failed"))
                                .isEmpty()) {
                    throw e;
                }
                // Another command was quicker, so this was no failure of ours.
            }
        }
    }

    private void carryOut(
            ReleaseAction action, Optional<ReleaseRecord> found, Prepared prepared, Prerequisites prerequisites) {
        // First, so that a chart that does not render fails before anything is created. In this call Helm takes over
        // the signals, once per JVM: it is short and local, whereas an install may wait for the cluster.
        helm.template(nim, prepared.chart(), prepared.values().values());
        phase.accept("creating namespace and secrets");
        prerequisites.ensure(nim).stream()
                .filter(step ->
                        !step.outcome().startsWith("exists") || step.outcome().contains("left unchanged"))
                .forEach(step -> note.accept(step.object() + ": " + step.outcome()));
        switch (action) {
            case INSTALL -> {
                phase.accept("installing the release");
                helm.install(nim, prepared.chart(), prepared.values().values());
            }
            case UPGRADE -> {
                phase.accept("upgrading the release");
                helm.upgrade(nim, prepared.chart(), prepared.values().values());
            }
            case REINSTALL -> {
                if (!ReleaseRecord.read(work.client(), nim.namespace(), nim.release())
                        .equals(found)) {
                    throw new DeployException("release " + nim.release() + ": another command is reinstalling it");
                }
                note.accept("release " + nim.release() + " is " + found.get().status()
                        + ": an earlier run was interrupted; it is uninstalled and installed again, claims stay");
                phase.accept("uninstalling the interrupted release");
                helm.uninstall(nim);
                phase.accept("installing the release");
                helm.install(nim, prepared.chart(), prepared.values().values());
            }
            case NOTHING -> phase.accept("release is up to date");
            case REFUSE -> throw new IllegalStateException("refused above");
        }
    }

    /** The charts have no value for it: a Deployment rolls, and its new pod waits for the GPU that its former pod holds until the new one is ready. */
    private void endFormerPodsFirst() {
        work
                .client()
                .apps()
                .deployments()
                .inNamespace(nim.namespace())
                .withLabel(Observer.INSTANCE, nim.release())
                .list()
                .getItems()
                .stream()
                .filter(deployment ->
                        nim.upgrade().isPresent() || deployment.getSpec().getReplicas() <= 1)
                .forEach(deployment -> {
                    String type = nim.upgrade().orElse("recreate").equals("recreate") ? "Recreate" : "RollingUpdate";
                    String present = Optional.ofNullable(deployment.getSpec().getStrategy())
                            .map(DeploymentStrategy::getType)
                            .orElse("RollingUpdate");
                    if (!type.equals(present)) {
                        work.client()
                                .resource(deployment)
                                .edit(d -> new DeploymentBuilder(d)
                                        .editSpec()
                                        .withStrategy(new DeploymentStrategyBuilder()
                                                .withType(type)
                                                .build())
                                        .endSpec()
                                        .build());
                    }
                });
    }

    static DeployException refused(NimSettings nim) {
        return new DeployException("release " + nim.release() + " (namespace " + nim.namespace()
                + "): persistence or statefulSet differs from the installed release, and Kubernetes cannot change the claims of a StatefulSet;"
                + " run down --only " + nim.nim() + ", then up");
    }

    /**
     * Waits until the pod is ready.
     *
     * @param abort ends the wait early, without a diagnosis
     * @return false if it was aborted
     * @throws DeployException with the cause, as soon as waiting longer changes nothing, or at the deadline
     */
    boolean awaitReady(Duration timeout, BooleanSupplier abort) throws InterruptedException {
        Time time = work.edges.time();
        Duration deadline = time.elapsed().plus(timeout);
        Observer observer = work.observer();
        while (!abort.getAsBoolean()) {
            Diagnosis diagnosis = diagnose(observer);
            phase.accept(diagnosis.text());
            switch (diagnosis.state()) {
                case READY -> {
                    return true;
                }
                case FAILED -> throw notReady("will not become ready", diagnosis);
                case PROGRESSING, BLOCKED -> {
                    if (time.elapsed().compareTo(deadline) >= 0) {
                        throw notReady("not ready after " + readable(timeout), diagnosis);
                    }
                    time.sleep(POLL);
                }
            }
        }
        return false;
    }

    /** Half an hour is long for a VPN: an API server that goes away for a while is waited for like anything else. */
    private Diagnosis diagnose(Observer observer) {
        try {
            Observation seen = observer.observe(nim);
            List<Pod> broken = seen.brokenFormerPods();
            broken.forEach(pod -> {
                work.client().resource(pod).delete();
                note.accept("pod " + pod.getMetadata().getName()
                        + " of the former revision was not ready and was deleted, so that the upgrade can replace it");
            });
            return broken.isEmpty()
                    ? Diagnose.of(seen)
                    : new Diagnosis(Diagnosis.State.PROGRESSING, "waiting for the old pod to be replaced", "");
        } catch (KubernetesClientException e) {
            if (e.getCode() != 0 && e.getCode() < 500) {
                throw e;
            }
            return new Diagnosis(
                    Diagnosis.State.BLOCKED,
                    "the cluster's API does not answer",
                    "Check VPN and proxy, then run up again");
        }
    }

    private DeployException notReady(String outcome, Diagnosis diagnosis) {
        return new DeployException(
                "release " + nim.release() + " (namespace " + nim.namespace() + ") " + outcome + ": " + diagnosis);
    }

    static String readable(Duration duration) {
        return duration.toSecondsPart() == 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    /** The address and what is behind it. */
    Endpoint endpoint(Prepared prepared) {
        KubernetesClient client = work.client();
        List<Pod> pods = work.observer().pods(nim);
        Pod pod = pods.get(0);
        List<Service> services = client.services()
                .inNamespace(nim.namespace())
                .withLabel(Observer.INSTANCE, nim.release())
                .list()
                .getItems();
        List<Node> nodes =
                Observer.permitted(() -> client.nodes().list().getItems()).orElse(List.of());
        Addresses.Address address = Addresses.of(
                        services,
                        Observer.permitted(() -> client.network()
                                        .v1()
                                        .ingresses()
                                        .inNamespace(nim.namespace())
                                        .withLabel(Observer.INSTANCE, nim.release())
                                        .list()
                                        .getItems())
                                .orElse(List.of()),
                        nodes)
                .orElseThrow(() -> new DeployException("release " + nim.release() + " (namespace " + nim.namespace()
                        + "): is ready but has no Service; see kubectl -n " + nim.namespace() + " get services"));
        return new Endpoint(
                address.url(),
                Addresses.replicas(services, pods),
                nim.model(),
                prepared.chart().name(),
                prepared.chart().version(),
                pod.getSpec().getContainers().get(0).getImage(),
                gpuProduct(pod, nodes),
                address.reachedBy(),
                nim.namespace(),
                nim.release());
    }

    private static Optional<String> gpuProduct(Pod pod, List<Node> nodes) {
        return nodes.stream()
                .filter(node ->
                        node.getMetadata().getName().equals(pod.getSpec().getNodeName()))
                .filter(node -> node.getMetadata().getLabels() != null)
                .flatMap(node ->
                        Optional.ofNullable(node.getMetadata().getLabels().get("nvidia.com/gpu.product")).stream())
                .findFirst();
    }
}
