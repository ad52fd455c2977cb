package nimload.deploy.load;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
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

/** The endpoints file of {@code up}, adapted for a pod: an address from outside is replaced by the Service's own
 * name, or with several replicas by the address of each. */
public final class InClusterEndpoints {

    /** With several replicas: the address of all, for tools that take one. */
    public static final String SERVICE = "service";

    private static final String REPLICAS = "replicas";

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
                List<Service> services = services(client, endpoint);
                if (!endpoint.path("reachedBy").asString("").equals("service")) {
                    Addresses.Address service = service(services, nim, endpoint);
                    inside.put("url", service.url());
                    inside.put("reachedBy", service.reachedBy());
                    note.accept(nim + ": " + service.url() + " from inside the cluster, instead of "
                            + endpoint.path("url").asString(""));
                }
                // The pods of now: those that up saw may have been replaced.
                List<String> replicas = Addresses.replicas(services, pods(client, endpoint));
                inside.remove(REPLICAS);
                if (!replicas.isEmpty()) {
                    inside.put(SERVICE, inside.path("url").asString());
                    inside.put("url", String.join(",", replicas));
                    note.accept(nim + ": " + replicas.size() + " replicas, each at its own address");
                }
                json.set(nim.toString(), inside);
            }
        }
        return Optional.of(json.toString());
    }

    private static List<Service> services(KubernetesClient client, JsonNode endpoint) {
        return client.services()
                .inNamespace(endpoint.path("namespace").asString(""))
                .withLabel(Observer.INSTANCE, endpoint.path("release").asString(""))
                .list()
                .getItems();
    }

    private static List<Pod> pods(KubernetesClient client, JsonNode endpoint) {
        return client.pods()
                .inNamespace(endpoint.path("namespace").asString(""))
                .withLabel(Observer.INSTANCE, endpoint.path("release").asString(""))
                .list()
                .getItems();
    }

    private static Addresses.Address service(List<Service> services, Nim nim, JsonNode endpoint) {
        return Addresses.inside(services)
                .orElseThrow(() -> new DeployException(nim + ": release "
                        + endpoint.path("release").asString("") + " (namespace "
                        + endpoint.path("namespace").asString("")
                        + ") has no Service that a pod can use; run up again, or add -D nim." + nim + ".url=http://…"));
    }
}
