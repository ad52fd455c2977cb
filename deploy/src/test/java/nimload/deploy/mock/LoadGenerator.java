package nimload.deploy.mock;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;

/** The deployment and pod of `up --pod load-generator`, as the API server shows them once the pod runs. */
public final class LoadGenerator {

    public static final String NAMESPACE = "nim-benchmark";
    public static final String POD = "load-generator-6d5f-x2x";

    private LoadGenerator() {}

    public static void put(MockCluster cluster, Pod pod) {
        put(cluster, "load-generator", pod);
    }

    /** Another pod of `up --pod`, given by its deployment's name. */
    public static void put(MockCluster cluster, String deployment, Pod pod) {
        cluster.put(
                new DeploymentBuilder()
                        .withNewMetadata()
                        .withName(deployment)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                pod);
    }

    public static Pod running() {
        return running(Map.of("memory", new Quantity("2Gi")), "cpu-node-1");
    }

    public static Pod running(Map<String, Quantity> limits, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(POD)
                .withNamespace(NAMESPACE)
                .withUid("uid-1")
                .withLabels(Map.of("app.kubernetes.io/name", "load-generator"))
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName("load-generator")
                .withNewResources()
                .withLimits(limits)
                .endResources()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .endStatus()
                .build();
    }
}
