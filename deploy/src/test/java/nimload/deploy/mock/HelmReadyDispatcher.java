package nimload.deploy.mock;

import static java.util.Map.entry;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;

/** fabric8's CRUD mock, extended by what Helm needs from an API server: discovery, protobuf Secrets, typed lists, strategic merges. */
final class HelmReadyDispatcher extends KubernetesCrudDispatcher {

    /** Resource → kind; Helm's discovery does not see anything else. */
    private static final Map<String, String> CORE = Map.ofEntries(
            entry("namespaces", "Namespace"),
            entry("nodes", "Node"),
            entry("pods", "Pod"),
            entry("services", "Service"),
            entry("secrets", "Secret"),
            entry("configmaps", "ConfigMap"),
            entry("events", "Event"),
            entry("serviceaccounts", "ServiceAccount"),
            entry("persistentvolumeclaims", "PersistentVolumeClaim"));

    private static final Map<String, String> APPS = Map.of("statefulsets", "StatefulSet", "deployments", "Deployment");
    private static final Map<String, String> NETWORKING = Map.of("ingresses", "Ingress");
    private static final Map<String, String> STORAGE = Map.of("storageclasses", "StorageClass");
    private static final List<String> CLUSTER_SCOPED = List.of("namespaces", "nodes", "storageclasses");

    final List<Function<RecordedRequest, MockResponse>> intercepts = MockCluster.concurrentList();
    volatile Duration ahead = Duration.ZERO;
    final List<RecordedRequest> requests = MockCluster.concurrentList();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        requests.add(request);
        MockResponse response = intercepts.stream()
                .map(intercept -> intercept.apply(request))
                .filter(answer -> answer != null)
                .findFirst()
                .orElseGet(() -> answer(request));
        if (response.header("Content-Type") == null) {
            response.setHeader("Content-Type", "application/json");
        }
        response.setHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plus(ahead).atZone(ZoneOffset.UTC)));
        return response;
    }

    private MockResponse answer(RecordedRequest request) {
        String path = request.getPath().replaceFirst("\\?.*", "");
        if (path.startsWith("/openapi/v2")) {
            // An empty schema: Helm's validation then finds no rule to break. A real server's schema has some.
            return new MockResponse()
                    .setResponseCode(200)
                    .setHeader("Content-Type", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
                    .setBody(new byte[0]);
        }
        if (path.startsWith("/openapi/v3")) {
            return MockCluster.failure(404, "NotFound", "no OpenAPI v3 here");
        }
        String discovery = discovery(path);
        if (discovery != null && request.getMethod().equals("GET")) {
            return MockCluster.json(200, discovery);
        }
        String type = request.getHeader("Content-Type");
        boolean protobuf = type != null && type.contains("protobuf");
        MockResponse response = super.dispatch(
                switch (request.getMethod()) {
                    case "POST", "PUT" ->
                        protobuf ? as(request, request.method(), ProtobufSecret.decode(bytes(request))) : request;
                    case "PATCH" -> type.contains("strategic-merge-patch") ? merged(request, path) : request;
                    default -> request;
                });
        if (request.getMethod().equals("GET") && response.getBody() != null) {
            return typedList(path, response);
        }
        return response.code() == 404 ? MockCluster.failure(404, "NotFound", path + " not found") : response;
    }

    private static byte[] bytes(RecordedRequest request) {
        return request.getBody().getBytes();
    }

    /** The whole object instead of the patch: the mock's own merge appends list elements. */
    private RecordedRequest merged(RecordedRequest request, String path) {
        MockResponse current = handleGet(path);
        return current.code() == 200
                ? as(
                        request,
                        HttpMethod.PUT,
                        StrategicMerge.merge(map(current.getBody().getBytes()), map(bytes(request))))
                : request;
    }

    private static RecordedRequest as(RecordedRequest request, HttpMethod method, Map<String, Object> object) {
        return new RecordedRequest(
                "HTTP/1.1",
                method,
                request.getPath(),
                request.getHeaders()
                        .newBuilder()
                        .setHeader("Content-Type", "application/json")
                        .build(),
                new Buffer().writeUtf8(Serialization.asJson(object)));
    }

    private static Map<String, Object> map(byte[] json) {
        return Serialization.unmarshal(
                new String(json, StandardCharsets.UTF_8), new TypeReference<Map<String, Object>>() {});
    }

    /** Helm's client refuses the mock's plain `List`. */
    private static MockResponse typedList(String path, MockResponse response) {
        String body = new String(response.getBody().getBytes(), StandardCharsets.UTF_8);
        String resource = path.substring(path.lastIndexOf('/') + 1);
        String kind = Stream.of(CORE, APPS, NETWORKING, STORAGE)
                .map(kinds -> kinds.get(resource))
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
        if (kind == null || !body.contains("\"kind\":\"List\"")) {
            return response;
        }
        String group = CORE.containsKey(resource)
                ? "v1"
                : path.substring("/apis/".length()).replaceFirst("(/v1).*", "$1");
        Map<String, Object> list = Serialization.unmarshal(body, new TypeReference<>() {});
        list.put("kind", kind + "List");
        list.put("apiVersion", group);
        return MockCluster.json(response.code(), Serialization.asJson(list));
    }

    private static String discovery(String path) {
        return switch (path) {
            case "/version" ->
                "{\"major\":\"1\",\"minor\":\"32\",\"gitVersion\":\"v1.32.0\",\"platform\":\"linux/amd64\"}";
            case "/api" -> "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}";
            case "/apis" ->
                Serialization.asJson(Map.of(
                        "kind",
                        "APIGroupList",
                        "apiVersion",
                        "v1",
                        "groups",
                        Stream.of("apps", "networking.k8s.io", "storage.k8s.io")
                                .map(HelmReadyDispatcher::group)
                                .toList()));
            case "/api/v1" -> resources("v1", CORE);
            case "/apis/apps/v1" -> resources("apps/v1", APPS);
            case "/apis/networking.k8s.io/v1" -> resources("networking.k8s.io/v1", NETWORKING);
            case "/apis/storage.k8s.io/v1" -> resources("storage.k8s.io/v1", STORAGE);
            default -> null;
        };
    }

    private static Map<String, Object> group(String name) {
        Map<String, String> version = Map.of("groupVersion", name + "/v1", "version", "v1");
        return Map.of("name", name, "versions", List.of(version), "preferredVersion", version);
    }

    private static String resources(String groupVersion, Map<String, String> kinds) {
        return Serialization.asJson(Map.of(
                "kind",
                "APIResourceList",
                "apiVersion",
                "v1",
                "groupVersion",
                groupVersion,
                "resources",
                kinds.entrySet().stream()
                        .map(kind -> Map.of(
                                "name",
                                kind.getKey(),
                                "singularName",
                                "",
                                "namespaced",
                                !CLUSTER_SCOPED.contains(kind.getKey()),
                                "kind",
                                kind.getValue(),
                                "verbs",
                                List.of("create", "delete", "get", "list", "patch", "update", "watch")))
                        .toList()));
    }
}
