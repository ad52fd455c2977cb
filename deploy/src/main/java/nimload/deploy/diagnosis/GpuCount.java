package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Whole GPUs, as NVIDIA's device plugin counts them. */
public final class GpuCount {

    static final String RESOURCE = "nvidia.com/gpu";

    private GpuCount() {}

    /** What the containers of a pod request in total. */
    static long requested(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .filter(container -> container.getResources() != null)
                .mapToLong(container -> amount(container.getResources().getLimits()))
                .sum();
    }

    public static long allocatable(Node node) {
        return node.getStatus() == null ? 0 : amount(node.getStatus().getAllocatable());
    }

    private static long amount(Map<String, Quantity> quantities) {
        return quantities == null || quantities.get(RESOURCE) == null
                ? 0
                : quantities.get(RESOURCE).getNumericalAmount().longValue();
    }
}
