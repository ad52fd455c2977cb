package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.mockwebserver.http.MockResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.FakeKubelet;
import nimload.deploy.mock.LoopbackTls;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** plan, status, logs, tags and doctor: the commands that change nothing. */
class ReadingCommandsTest {

    @TempDir
    Path folder;

    private Bootstrap bootstrap;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
    }

    @AfterEach
    void stop() {
        bootstrap.close();
    }

    @Test
    void planOfAnEmptyClusterShowsWhatWouldBeCreatedAndTouchesNothing() {
        Bootstrap.Result result = bootstrap.run("plan");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("namespace embedding-nim                               would be created")
                .contains("secret ngc-api in reranking-nim                       would be created")
                .contains("would be installed (text-embedding-nim 1.5.0)")
                .doesNotContain("kind: StatefulSet");
        assertThat(bootstrap.cluster.writes()).isEmpty();
    }

    @Test
    void planShowsManifestsOnRequest() {
        Bootstrap.Result result = bootstrap.run("plan", "--manifests", "--only", "reranking");

        assertThat(result.out()).contains("# reranking", "kind: StatefulSet", "nv-rerankqa-1b-v2:1.3.0");
        assertThat(bootstrap.cluster.writes()).isEmpty();
    }

    @Test
    void planOfAChangeNamesBothSides() throws Exception {
        bootstrap.run("up");
        int before = bootstrap.cluster.writes().size();
        bootstrap.settings("tag: \"1.6.0\"\nvalues: {envVars: {A: b}}");

        Bootstrap.Result result = bootstrap.run("plan");

        assertThat(result.out())
                .contains(
                        "would be upgraded from revision 1 (text-embedding-nim 1.5.0, deployed) to text-embedding-nim 1.5.0")
                .contains("up to date (text-reranking-nim 1.3.0, revision 1)")
                .contains("embedding: note: envVars (A) was passed as env instead");
        bootstrap.settings("persistence: {enabled: false}");
        assertThat(bootstrap.run("plan").out()).contains("cannot be upgraded: persistence or statefulSet differs");
        assertThat(bootstrap.cluster.writes()).hasSize(before);
    }

    @Test
    void statusIsOneTableWithAReason() {
        bootstrap.cluster.put(MockCluster.gpuNode(2));
        bootstrap.run("up", "--only", "embedding");

        Bootstrap.Result result = bootstrap.run("status");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "NAMESPACE|KIND|NAME|STATUS|REASON",
                        "embedding-nim|nim|embedding|ready|ready",
                        "embedding-nim|release|embedder|deployed (revision 1)|text-embedding-nim 1.5.0, Install complete",
                        "embedding-nim|pod|embedder-text-embedding-nim-0|Running|on gpu-node-1",
                        "embedding-nim|service|embedder-text-embedding-nim|ClusterIP|port 8000",
                        "embedding-nim|service|embedder-text-embedding-nim-sts|ClusterIP|headless, port 8000",
                        "embedding-nim|claim|model-store-embedder-text-embedding-nim-0|Bound|50Gi, class none",
                        "reranking-nim|nim|reranking|absent|not installed; up installs it",
                        "-|gpu|gpu-node-1|2 allocatable|NVIDIA-L40S");
    }

    @Test
    void statusOfAPodThatDoesNotStartShowsTheCause() {
        bootstrap.kubelet.setStatus(FakeKubelet.waiting("CreateContainerConfigError", "secret \"ngc-api\" not found"));
        bootstrap.run("up", "--only", "embedding");

        assertThat(bootstrap.run("status", "--only", "embedding").out())
                .contains(
                        "failed",
                        "pod embedder-text-embedding-nim-0 cannot start: secret \"ngc-api\" not found. Export NGC_API_KEY");
    }

    @Test
    void statusSaysWhatThisUserIsNotAllowedToSee() {
        bootstrap.cluster.intercept(request -> request.getPath().startsWith("/api/v1/nodes")
                ? MockCluster.failure(403, "Forbidden", "nodes is forbidden")
                : null);

        Bootstrap.Result result = bootstrap.run("status");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("this user is not allowed to list nodes");
    }

    @Test
    void logsAreFoundByTheReleasesLabel() {
        bootstrap.run("up", "--only", "embedding");
        bootstrap.cluster.intercept(request ->
                request.getPath().contains("/log?") && request.getPath().contains("tailLines=7")
                        ? new MockResponse()
                                .setResponseCode(200)
                                .setHeader("Content-Type", "text/plain")
                                .setBody("line one\nline two")
                        : null);

        Bootstrap.Result result = bootstrap.run("logs", "--tail", "7");

        assertThat(result.out())
                .contains("--- embedding: pod embedder-text-embedding-nim-0", "line one", "line two")
                .contains("reranking: no pod; status shows why");
    }

    @Test
    void tagsNeedNoClusterAndMarkTheSettings() throws Exception {
        try (LoopbackTls registry = new LoopbackTls(exchange ->
                LoopbackTls.Answer.of(200, "{\"tags\":[\"1.5.0\",\"1.6.0\"]}".getBytes(StandardCharsets.UTF_8)))) {
            bootstrap.http = LoopbackTls.client();
            bootstrap.environment.remove("KUBECONFIG");
            bootstrap.settings("", "images: {registry: '127.0.0.1:" + registry.port() + "'}");

            Bootstrap.Result result = bootstrap.run("tags");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out().lines())
                    .containsExactly(
                            "embedding: 127.0.0.1:" + registry.port() + "/nim/nvidia/nv-embedqa-e5-v5",
                            "  1.6.0",
                            "  1.5.0   <- in the settings file",
                            "reranking: 127.0.0.1:" + registry.port() + "/nim/nvidia/llama-3.2-nv-rerankqa-1b-v2",
                            "  1.6.0",
                            "  1.5.0",
                            "  (1.3.0 from the settings file is not offered)");
            assertThat(registry.received())
                    .extracting(LoopbackTls.Received::authorization)
                    .as("the NGC key is not sent to another registry")
                    .containsOnlyNulls();
        }
    }

    /** Every permission but those whose review contains this text. */
    private void allowAllBut(String text) {
        bootstrap.cluster.intercept(request -> {
            if (!request.getPath().contains("selfsubjectaccessreviews")) {
                return null;
            }
            boolean allowed = !new String(request.getBody().getBytes(), StandardCharsets.UTF_8).contains(text);
            return new MockResponse()
                    .setResponseCode(201)
                    .setHeader("Content-Type", "application/json")
                    .setBody(
                            "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SelfSubjectAccessReview\",\"status\":{\"allowed\":"
                                    + allowed + "}}");
        });
    }

    @Test
    void doctorOnAGoodClusterIsAllOkAndChangesNothing() {
        allowAllBut("nothing");
        bootstrap.cluster.put(
                MockCluster.gpuNode(2),
                new StorageClassBuilder()
                        .withNewMetadata()
                        .withName("fast")
                        .withAnnotations(Map.of("storageclass.kubernetes.io/is-default-class", "true"))
                        .endMetadata()
                        .withProvisioner("x")
                        .build());
        int before = bootstrap.cluster.writes().size();

        Bootstrap.Result result = bootstrap.run("doctor");

        String unchecked = ": not checked: nvcr.io does not answer (connection refused); check images.registry in the"
                + " settings file, and the proxy (doctor does)";
        assertThat(result.out().lines())
                .containsExactly(
                        "ok   helm: native library loads",
                        "ok   key: NGC_API_KEY is set",
                        "ok   proxy: no HTTPS_PROXY in the environment; downloads are direct",
                        "ok   chart of embedding: text-embedding-nim 1.5.0",
                        "note key of embedding" + unchecked,
                        "ok   chart of reranking: text-reranking-nim 1.3.0",
                        "note key of reranking" + unchecked,
                        "ok   cluster: mock answers, Kubernetes v1.32.0",
                        "ok   permissions: everything that up needs",
                        "ok   gpus: 2 nvidia.com/gpu allocatable, 2 requested (only the scheduler knows whether they are free)",
                        "ok   storage: known: fast");
        assertThat(result.exitCode()).isZero();
        assertThat(bootstrap
                        .cluster
                        .writes()
                        .subList(before, bootstrap.cluster.writes().size()))
                .allMatch(line -> line.contains("selfsubjectaccessreviews"));
    }

    @Test
    void doctorOnABadClusterSaysWhatToDoAboutEachFault() {
        allowAllBut("\"resource\":\"statefulsets\"");
        bootstrap.environment.remove("NGC_API_KEY");
        bootstrap.environment.put("HTTPS_PROXY", "http://proxy:3128");

        // A fault here ends the checks that need a working cluster, so the cluster's own faults are checked with a key.
        Bootstrap.Result withoutKey = bootstrap.run("doctor");
        bootstrap.environment.put("NGC_API_KEY", Bootstrap.KEY);
        Bootstrap.Result withKey = bootstrap.run("doctor");

        assertThat(withoutKey.exitCode()).isEqualTo(1);
        assertThat(withoutKey.out())
                .contains("FAIL key: NGC_API_KEY is not set; create one at")
                .contains("note proxy: HTTPS_PROXY is set but NO_PROXY is not");
        assertThat(withKey.exitCode()).isEqualTo(1);
        assertThat(withKey.out())
                .contains(
                        "FAIL permissions: not allowed: create statefulsets in embedding-nim, patch statefulsets in embedding-nim")
                .contains("apply deploy/manifests/rbac.yaml")
                .contains("FAIL gpus: 0 nvidia.com/gpu allocatable, 2 requested")
                .contains("FAIL storage: embedding names no storage class and the cluster has no default class");
    }

    @Test
    void doctorNamesThePermissionsThatOnlyRunNeeds() {
        allowAllBut("\"subresource\":\"exec\"");

        assertThat(bootstrap.run("doctor").out().lines())
                .contains(
                        "note permissions: not allowed: get pods/exec in nim-benchmark, create pods/exec in nim-benchmark; run, which sends"
                                + " load from inside the cluster, needs them",
                        "ok   permissions: everything that up needs");
    }

    @Test
    void doctorDetectsAWrongKeyWithTheChart() throws Exception {
        try (LoopbackTls ngc = new LoopbackTls(exchange -> LoopbackTls.Answer.of(401, new byte[0]))) {
            bootstrap.http = LoopbackTls.client();
            Files.writeString(
                    folder.resolve("nims.yaml"),
                    "embedding: {chart: 'https://127.0.0.1:" + ngc.port()
                            + "/c', chartVersion: '1'}\nreranking: {chart: text-reranking-nim}\n");

            Bootstrap.Result result = bootstrap.run("doctor");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out())
                    .contains("FAIL chart of embedding: chart https://127.0.0.1:" + ngc.port()
                            + "/c-1.tgz: 127.0.0.1 answered 401")
                    .doesNotContain(Bootstrap.KEY);
        }
    }
}
