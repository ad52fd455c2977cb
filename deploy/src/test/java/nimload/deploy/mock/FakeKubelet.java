package nimload.deploy.mock;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.deploy.diagnosis.Diagnose;

/**
 * Plays controllers, scheduler and kubelet on the mock: a pod and a bound claim per replica of a StatefulSet, one pod per Deployment, and no pod without
 * one. A StatefulSet's pod is replaced only once it is ready; a Deployment's former pod holds the only GPU until it is gone.
 */
public final class FakeKubelet {

    private static final String INSUFFICIENT = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.";

    private final KubernetesClient client;
    private volatile Function<Pod, Pod> status = FakeKubelet::ready;

    public FakeKubelet(KubernetesClient client) {
        this.client = client;
    }

    /** What happens to each pod: {@link #ready}, or a state that the test sets. */
    public void setStatus(Function<Pod, Pod> status) {
        this.status = status;
    }

    public synchronized void step() {
        List<StatefulSet> sets =
                client.apps().statefulSets().inAnyNamespace().list().getItems();
        List<Deployment> deployments = client.apps()
                .deployments()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/instance")
                .list()
                .getItems();
        Set<String> owners = Stream.concat(sets.stream(), deployments.stream())
                .map(FakeKubelet::name)
                .collect(Collectors.toSet());
        Map<String, List<Pod>> pods = client.pods().inAnyNamespace().list().getItems().stream()
                .filter(pod -> pod.getMetadata().getAnnotations().containsKey("owner"))
                .collect(Collectors.groupingBy(pod -> pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getAnnotations().get("owner")));
        pods.forEach((owner, left) -> {
            if (!owners.contains(owner)) {
                left.forEach(pod -> client.resource(pod).delete());
            }
        });
        sets.forEach(set -> step(set, pods.getOrDefault(name(set), List.of())));
        deployments.forEach(deployment -> step(deployment, pods.getOrDefault(name(deployment), List.of())));
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private void step(StatefulSet set, List<Pod> pods) {
        int replicas = Optional.ofNullable(set.getSpec().getReplicas()).orElse(1);
        IntStream.range(0, replicas)
                .forEach(number ->
                        set.getSpec().getVolumeClaimTemplates().forEach(template -> claim(set, template, number)));
        Pod next = pod(set, set.getSpec().getTemplate(), "controller-revision-hash", "0");
        String revision = next.getMetadata().getLabels().get("controller-revision-hash");
        boolean stuck = pods.stream()
                .anyMatch(pod ->
                        !Diagnose.isReady(pod) && !pod.getMetadata().getLabels().containsValue(revision));
        set.setStatus(new StatefulSetStatusBuilder()
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(replicas)
                .withUpdatedReplicas(stuck ? 0 : replicas)
                .withUpdateRevision(revision)
                .build());
        client.resource(set).updateStatus();
        if (!stuck) {
            put(status.apply(next));
            IntStream.range(1, replicas)
                    .mapToObj(number ->
                            pod(set, set.getSpec().getTemplate(), "controller-revision-hash", Integer.toString(number)))
                    .forEach(pod -> put(status.apply(pod)));
        }
    }

    private void step(Deployment deployment, List<Pod> pods) {
        String hash = Integer.toHexString(deployment.getSpec().getTemplate().hashCode());
        List<Pod> former = pods.stream()
                .filter(pod -> !pod.getMetadata().getName().endsWith(hash))
                .toList();
        boolean made = pods.size() > former.size();
        deployment.setStatus(new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withUpdatedReplicas(made || former.isEmpty() ? 1 : 0)
                .build());
        client.resource(deployment).updateStatus();
        if (deployment.getSpec().getStrategy() != null
                && deployment.getSpec().getStrategy().getType().equals("Recreate")) {
            former.forEach(pod -> client.resource(pod).delete());
        }
        Pod next = pod(deployment, deployment.getSpec().getTemplate(), "pod-template-hash", hash);
        put(former.isEmpty() ? status.apply(next) : unschedulable(next));
    }

    private void put(Pod pod) {
        if (client.resource(pod).get() == null) {
            client.resource(pod).create();
        } else {
            client.resource(pod).update();
        }
    }

    private static Pod pod(HasMetadata owner, PodTemplateSpec template, String revisionLabel, String suffix) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(owner.getMetadata().getName() + "-" + suffix)
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(template.getMetadata().getLabels())
                .addToLabels(revisionLabel, Integer.toHexString(template.hashCode()))
                .withAnnotations(Map.of("owner", owner.getMetadata().getName()))
                .endMetadata()
                .withSpec(template.getSpec())
                .editSpec()
                .withNodeName("gpu-node-1")
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }

    private static Pod unschedulable(Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .withNodeName(null)
                .endSpec()
                .editStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(INSUFFICIENT)
                .endCondition()
                .endStatus()
                .build();
    }

    private void claim(StatefulSet set, PersistentVolumeClaim template, int number) {
        PersistentVolumeClaim claim = new PersistentVolumeClaimBuilder(template)
                .editMetadata()
                .withName(template.getMetadata().getName() + "-"
                        + set.getMetadata().getName() + "-" + number)
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(set.getSpec().getSelector().getMatchLabels())
                .endMetadata()
                .withNewStatus()
                .withPhase("Bound")
                .endStatus()
                .build();
        if (client.resource(claim).get() == null) {
            client.resource(claim).create();
        }
    }

    public static Pod ready(Pod pod) {
        return new PodBuilder(pod)
                .editStatus()
                .withPhase("Running")
                .withPodIP("10.244.0."
                        + (10 + Math.floorMod(pod.getMetadata().getName().hashCode(), 200)))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    /** Scheduled, and its container waits for this reason. */
    public static Function<Pod, Pod> waiting(String reason, String message) {
        return pod -> new PodBuilder(pod)
                .editStatus()
                .addNewContainerStatus()
                .withName("nim")
                .withImage(pod.getSpec().getContainers().get(0).getImage())
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewWaiting(message, reason)
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
