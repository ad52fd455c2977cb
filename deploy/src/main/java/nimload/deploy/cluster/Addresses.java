package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nimload.deploy.diagnosis.Diagnose;

/** The address at which the load reaches a release. Never a port-forward, which adds tens of milliseconds per request. */
public final class Addresses {

    /** @param reachedBy service (from inside the cluster, or through a load balancer), nodePort or ingress */
    public record Address(String url, String reachedBy) {}

    private Addresses() {}

    /** The Service's own name, as pods of the same cluster resolve it. */
    public static Optional<Address> inside(List<Service> services) {
        return main(services).map(service -> service(service, port(service)));
    }

    /**
     * Of each ready pod behind the Service, as other pods reach it, in order; empty for fewer than two. A Service chooses one per
     * connection, so that a load on it may leave others idle.
     */
    public static List<String> replicas(List<Service> services, List<Pod> pods) {
        List<String> urls = main(services).stream()
                .flatMap(service -> pods.stream()
                        .filter(pod -> Diagnose.isReady(pod)
                                && pod.getMetadata().getDeletionTimestamp() == null
                                && pod.getStatus().getPodIP() != null)
                        .map(pod -> "http://" + host(pod.getStatus().getPodIP()) + ":" + port(service, pod)))
                .sorted()
                .toList();
        return urls.size() < 2 ? List.of() : urls;
    }

    private static String host(String ip) {
        return ip.contains(":") ? "[" + ip + "]" : ip;
    }

    /** The Service's target port, which may be a name that the pod gives a number. */
    private static int port(Service service, Pod pod) {
        ServicePort port = port(service);
        IntOrString target = port.getTargetPort();
        if (target == null) {
            return port.getPort();
        }
        return target.getStrVal() == null
                ? target.getIntVal()
                : pod.getSpec().getContainers().stream()
                        .flatMap(container -> container.getPorts().stream())
                        .filter(named -> target.getStrVal().equals(named.getName()))
                        .findFirst()
                        .map(ContainerPort::getContainerPort)
                        .orElse(port.getPort());
    }

    /** Ingress before NodePort before the Service's own name: configuring one of the first two means wanting access from outside. */
    public static Optional<Address> of(List<Service> services, List<Ingress> ingresses, List<Node> nodes) {
        return ingress(ingresses).or(() -> main(services).map(service -> address(service, nodes)));
    }

    private static Optional<Service> main(List<Service> services) {
        return services.stream()
                .filter(service -> !"None".equals(service.getSpec().getClusterIP()))
                .filter(service -> !service.getSpec().getPorts().isEmpty())
                .min(Comparator.comparing(service -> service.getMetadata().getName()));
    }

    private static Optional<Address> ingress(List<Ingress> ingresses) {
        return ingresses.stream()
                .filter(ingress -> ingress.getSpec().getRules().stream().anyMatch(rule -> rule.getHost() != null))
                .findFirst()
                .map(ingress -> new Address(
                        (ingress.getSpec().getTls().isEmpty() ? "http://" : "https://")
                                + ingress.getSpec().getRules().get(0).getHost(),
                        "ingress"));
    }

    private static Address address(Service service, List<Node> nodes) {
        ServicePort port = port(service);
        Optional<String> node = nodes.stream()
                .flatMap(candidate -> candidate.getStatus().getAddresses().stream())
                .filter(address -> List.of("ExternalIP", "InternalIP").contains(address.getType()))
                .min(Comparator.comparing(NodeAddress::getType))
                .map(NodeAddress::getAddress);
        if (port.getNodePort() != null && "NodePort".equals(service.getSpec().getType()) && node.isPresent()) {
            return new Address("http://" + node.get() + ":" + port.getNodePort(), "nodePort");
        }
        return service(service, port);
    }

    private static ServicePort port(Service service) {
        return service.getSpec().getPorts().stream()
                .filter(candidate -> String.valueOf(candidate.getName()).contains("http"))
                .findFirst()
                .orElse(service.getSpec().getPorts().get(0));
    }

    private static Address service(Service service, ServicePort port) {
        // Not .svc.cluster.local: the cluster domain may differ, and every pod's resolver completes this name.
        return new Address(
                "http://" + service.getMetadata().getName() + "."
                        + service.getMetadata().getNamespace() + ".svc:" + port.getPort(),
                "service");
    }
}
