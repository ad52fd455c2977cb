package nimload.deploy.mock;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * An API server for tests on a loopback port: fabric8's CRUD mock plus what Helm needs (see {@link HelmReadyDispatcher}). It only stores objects: it
 * validates nothing, schedules nothing, enforces no immutable field and runs no exec or port-forward.
 */
public final class MockCluster implements AutoCloseable {

    private final HelmReadyDispatcher dispatcher = new HelmReadyDispatcher();
    private final MockWebServer server = new MockWebServer();
    private final List<KubernetesClient> clients = new ArrayList<>();

    public MockCluster() {
        server.setDispatcher(dispatcher);
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    /** A new client of this server, closed with it. */
    public KubernetesClient client() {
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config()).build();
        clients.add(client);
        return client;
    }

    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(address())
                .withOauthToken("mock-token")
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .build();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Writes a kubeconfig for this server, with the contexts `mock` (current) and `other`. */
    public Path kubeconfig(Path file) throws java.io.IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: mock, cluster: {server: '%s'}}
                - {name: nowhere, cluster: {server: 'http://127.0.0.1:1'}}
                users:
                - {name: someone, user: {token: mock-token}}
                contexts:
                - {name: mock, context: {cluster: mock, user: someone}}
                - {name: other, context: {cluster: nowhere, user: someone}}
                current-context: mock
                """.formatted(address()));
    }

    /** Overrides the response to a request if {@code answer} returns one; the answer added last is asked first. */
    public void intercept(Function<RecordedRequest, MockResponse> answer) {
        dispatcher.intercepts.add(0, answer);
    }

    public void clearIntercepts() {
        dispatcher.intercepts.clear();
    }

    /** Sets the clock in the responses' Date; objects keep the times at which they were made. */
    public void clockAhead(Duration duration) {
        dispatcher.ahead = duration;
    }

    public List<RecordedRequest> requests() {
        return List.copyOf(dispatcher.requests);
    }

    /** Every stored object, as JSON. */
    public Collection<String> objects() {
        return List.copyOf(dispatcher.getMap().values());
    }

    public static Node gpuNode(int gpus) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("gpu-node-1")
                .withLabels(Map.of("nvidia.com/gpu.product", "NVIDIA-L40S"))
                .endMetadata()
                .withNewStatus()
                .withAllocatable(Map.of("nvidia.com/gpu", new Quantity(String.valueOf(gpus))))
                .endStatus()
                .build();
    }

    /** Stores objects unchanged, status included. */
    public void put(HasMetadata... objects) {
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config()).build()) {
            for (HasMetadata object : objects) {
                client.resource(object).create();
            }
        }
    }

    /** Requests that could change something. */
    public List<String> writes() {
        return dispatcher.requests.stream()
                .filter(request -> !request.getMethod().equals("GET"))
                .map(RecordedRequest::getRequestLine)
                .toList();
    }

    public static <T> T yaml(String text, Class<T> type) {
        return Serialization.unmarshal(text, type);
    }

    static MockResponse json(int code, Object body) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(body instanceof String text ? text : Serialization.asJson(body));
    }

    /** An error in Kubernetes' own format. */
    public static MockResponse failure(int code, String reason, String message) {
        return json(
                code,
                Map.of(
                        "kind",
                        "Status",
                        "apiVersion",
                        "v1",
                        "status",
                        "Failure",
                        "reason",
                        reason,
                        "message",
                        message,
                        "code",
                        code));
    }

    @Override
    public void close() {
        clients.forEach(KubernetesClient::close);
        dispatcher.intercepts.clear();
        server.shutdown();
    }

    static <T> List<T> concurrentList() {
        return new CopyOnWriteArrayList<>();
    }
}
