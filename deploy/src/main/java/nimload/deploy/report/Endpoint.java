package nimload.deploy.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A NIM's address and what is behind it, for the simulations.
 *
 * @param image with its tag, as the pod runs it
 * @param gpu the product of the node's GPU, if the node has a label for it
 * @param reachedBy service, nodePort or ingress
 */
public record Endpoint(
        String url,
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
