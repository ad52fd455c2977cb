package nimload.deploy.load;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.Addresses;
import nimload.deploy.cluster.Observer;
import nimload.deploy.settings.Nim;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The endpoints file of {@code up}, adapted for a pod: an address from outside is replaced by the Service's own name. */
public final class InClusterEndpoints {

    private static final JsonMapper JSON = new JsonMapper();

    private InClusterEndpoints() {}

    /**
     * @param file what {@code up} wrote, or an empty object
     * @param note receives each address that differs from the file
     * @return the JSON for the pod; empty if the file has none of these NIMs
     * @throws DeployException if the file belongs to another cluster
     */
    public static Optional<String> of(
            JsonNode file, String context, List<Nim> nims, KubernetesClient client, Consumer<String> note) {
        if (nims.stream().noneMatch(nim -> file.has(nim.toString()))) {
            return Optional.empty();
        }
        String written = file.path("context").asString("");
        if (!written.equals(context)) {
            throw new DeployException("target/endpoints.json was written for context " + written + ", but this is "
                    + context + "; run up here, or use --context " + written);
        }
        ObjectNode json = JSON.createObjectNode();
        for (Nim nim : nims) {
            if (file.get(nim.toString()) instanceof ObjectNode endpoint) {
                ObjectNode inside = endpoint.deepCopy();
                if (!endpoint.path("reachedBy").asString("").equals("service")) {
                    Addresses.Address service = service(client, nim, endpoint);
                    inside.put("url", service.url());
                    inside.put("reachedBy", service.reachedBy());
                    note.accept(nim + ": " + service.url() + " from inside the cluster, instead of "
                            + endpoint.path("url").asString(""));
                }
                json.set(nim.toString(), inside);
            }
        }
        return Optional.of(json.toString());
    }

    private static Addresses.Address service(KubernetesClient client, Nim nim, JsonNode endpoint) {
        String namespace = endpoint.path("namespace").asString("");
        String release = endpoint.path("release").asString("");
        return Addresses.inside(client.services()
                        .inNamespace(namespace)
                        .withLabel(Observer.INSTANCE, release)
                        .list()
                        .getItems())
                .orElseThrow(() -> new DeployException(nim + ": release " + release + " (namespace " + namespace
                        + ") has no Service that a pod can use; run up again, or add -D nim." + nim
                        + ".url=http://…"));
    }
}
