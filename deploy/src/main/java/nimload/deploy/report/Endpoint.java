package nimload.deploy.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A NIM's address and what is behind it, for the simulations.
 *
 * @param replicas the pods' own addresses, for a load from inside the cluster; empty for a single one
 * @param image with its tag, as the pod runs it
 * @param gpu the product of the node's GPU, if the node has a label for it
 * @param reachedBy service, nodePort or ingress
 */
public record Endpoint(
        String url,
        List<String> replicas,
        String model,
        String chart,
        String chartVersion,
        String image,
        Optional<String> gpu,
        String reachedBy,
        String namespace,
        String release) {

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("url", url);
        if (!replicas.isEmpty()) {
            json.put("replicas", replicas);
        }
        json.put("model", model);
        json.put("chart", chart);
        json.put("chartVersion", chartVersion);
        json.put("image", image);
        gpu.ifPresent(product -> json.put("gpu", product));
        json.put("reachedBy", reachedBy);
        json.put("namespace", namespace);
        json.put("release", release);
        return json;
    }
}
