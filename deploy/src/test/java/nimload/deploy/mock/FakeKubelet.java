package nimload.deploy.mock;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.function.Function;

/** Plays controllers, scheduler and kubelet on the mock: one pod and one bound claim per StatefulSet, and no pod without one. */
public final class FakeKubelet {

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
        for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
            String owner = pod.getMetadata().getAnnotations().get("owner");
            if (owner == null) {
                continue; // not from a StatefulSet
            }
            if (client.apps()
                            .statefulSets()
                            .inNamespace(pod.getMetadata().getNamespace())
                            .withName(owner)
                            .get()
                    == null) {
                client.resource(pod).delete();
            }
        }
        for (StatefulSet set :
                client.apps().statefulSets().inAnyNamespace().list().getItems()) {
            set.getSpec().getVolumeClaimTemplates().forEach(template -> claim(set, template));
            set.setStatus(new StatefulSetStatusBuilder()
                    .withObservedGeneration(set.getMetadata().getGeneration())
                    .withReplicas(1)
                    .withUpdatedReplicas(1)
                    .build());
            client.resource(set).updateStatus();
            Pod pod = status.apply(pod(set));
            if (client.resource(pod).get() == null) {
                client.resource(pod).create();
            } else {
                client.resource(pod).update();
            }
        }
    }

    private Pod pod(StatefulSet set) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(set.getMetadata().getName() + "-0")
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                .withAnnotations(Map.of("owner", set.getMetadata().getName()))
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .editSpec()
                .withNodeName("gpu-node-1")
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }

    private void claim(StatefulSet set, PersistentVolumeClaim template) {
        PersistentVolumeClaim claim = new PersistentVolumeClaimBuilder(template)
                .editMetadata()
                .withName(template.getMetadata().getName() + "-"
                        + set.getMetadata().getName() + "-0")
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
