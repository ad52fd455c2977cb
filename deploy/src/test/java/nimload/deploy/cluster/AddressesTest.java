package nimload.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.List;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.Test;

class AddressesTest {

    private static final Service HEADLESS = service("a-sts", "clusterIP: None, ");
    private static final Service CLUSTER_IP = service("embedder", "");
    private static final Service NODE_PORT = MockCluster.yaml(
            "apiVersion: v1\nkind: Service\nmetadata: {name: embedder, namespace: ns}\n"
                    + "spec: {type: NodePort, ports: [{name: grpc, port: 50051}, {name: http-openai, port: 8000, nodePort: 31234}]}",
            Service.class);
    private static final Node NODE = MockCluster.yaml(
            "apiVersion: v1\nkind: Node\nmetadata: {name: n}\n"
                    + "status: {addresses: [{type: Hostname, address: n}, {type: InternalIP, address: 10.0.0.5}, {type: ExternalIP, address: 203.0.113.9}]}",
            Node.class);

    private static Service service(String name, String spec) {
        return MockCluster.yaml(
                "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: ns}\nspec: {" + spec
                        + "ports: [{name: http-openai, port: 8000}]}",
                Service.class);
    }

    private static Ingress ingress(String tls) {
        return MockCluster.yaml(
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: ns}\nspec: {" + tls
                        + "rules: [{host: nim.example.com}]}",
                Ingress.class);
    }

    @Test
    void serviceIsReachedByItsNameAndNotTheHeadlessOne() {
        assertThat(Addresses.of(List.of(HEADLESS, CLUSTER_IP), List.of(), List.of(NODE)))
                .contains(new Addresses.Address("http://embedder.ns.svc:8000", "service"));
    }

    private static Pod pod(String name, String ip, String ready) {
        return MockCluster.yaml(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\n"
                        + "spec: {containers: [{name: nim, ports: [{name: http-openai, containerPort: 8080}]}]}\n"
                        + "status: {podIP: \"" + ip + "\", conditions: [{type: Ready, status: \"" + ready + "\"}]}",
                Pod.class);
    }

    @Test
    void eachReadyReplicaHasItsOwnAddressAtThePortThatTheServiceTargets() {
        Service named = MockCluster.yaml(
                "apiVersion: v1\nkind: Service\nmetadata: {name: embedder, namespace: ns}\n"
                        + "spec: {ports: [{name: http-openai, port: 8000, targetPort: http-openai}]}",
                Service.class);
        Service numbered = MockCluster.yaml(
                "apiVersion: v1\nkind: Service\nmetadata: {name: embedder, namespace: ns}\n"
                        + "spec: {ports: [{name: http-openai, port: 80, targetPort: 8001}]}",
                Service.class);
        Pod b = pod("b", "10.0.0.2", "True");
        Pod a = pod("a", "fd00::1", "True");
        Pod starting = pod("c", "10.0.0.3", "False");

        assertThat(Addresses.replicas(List.of(HEADLESS, named), List.of(b, a, starting)))
                .containsExactly("http://10.0.0.2:8080", "http://[fd00::1]:8080");
        assertThat(Addresses.replicas(List.of(numbered), List.of(b, a)))
                .containsExactly("http://10.0.0.2:8001", "http://[fd00::1]:8001");
        assertThat(Addresses.replicas(List.of(CLUSTER_IP), List.of(b, a)))
                .containsExactly("http://10.0.0.2:8000", "http://[fd00::1]:8000");
        assertThat(Addresses.replicas(List.of(named), List.of(b, starting))).isEmpty();
    }

    @Test
    void nodePortIsReadBackAndReachedAtTheNodesExternalAddress() {
        assertThat(Addresses.of(List.of(HEADLESS, NODE_PORT), List.of(), List.of(NODE)))
                .contains(new Addresses.Address("http://203.0.113.9:31234", "nodePort"));
    }

    @Test
    void nodePortWithoutAVisibleNodeFallsBackToTheService() {
        assertThat(Addresses.of(List.of(NODE_PORT), List.of(), List.of()))
                .contains(new Addresses.Address("http://embedder.ns.svc:8000", "service"));
    }

    @Test
    void ingressWinsWithItsScheme() {
        assertThat(Addresses.of(List.of(CLUSTER_IP), List.of(ingress("")), List.of()))
                .contains(new Addresses.Address("http://nim.example.com", "ingress"));
        assertThat(Addresses.of(
                        List.of(CLUSTER_IP), List.of(ingress("tls: [{hosts: [nim.example.com]}], ")), List.of()))
                .contains(new Addresses.Address("https://nim.example.com", "ingress"));
    }

    @Test
    void headlessServiceAloneIsNotAnAddress() {
        assertThat(Addresses.of(List.of(HEADLESS), List.of(), List.of())).isEmpty();
    }
}
