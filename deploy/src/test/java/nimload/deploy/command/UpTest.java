package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.FakeKubelet;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** `up` with the real Helm. What the mock cannot show: scheduling, validation, immutable fields. */
class UpTest {

    @TempDir
    Path folder;

    private Bootstrap bootstrap;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
        client = bootstrap.cluster.client();
    }

    @AfterEach
    void stop() {
        bootstrap.close();
    }

    private ReleaseRecord release(String namespace, String name) {
        return ReleaseRecord.read(client, namespace, name).orElseThrow();
    }

    private ReleaseRecord embedder() {
        return release("embedding-nim", "embedder");
    }

    private JsonNode endpoints() throws Exception {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("target/endpoints.json")));
    }

    @Test
    void firstUpInstallsBothReleasesAndWritesTheirAddresses() throws Exception {
        bootstrap.cluster.put(new NodeBuilder()
                .withNewMetadata()
                .withName("gpu-node-1")
                .withLabels(Map.of("nvidia.com/gpu.product", "NVIDIA-L40S"))
                .endMetadata()
                .withNewStatus()
                .withAllocatable(Map.of("nvidia.com/gpu", new Quantity("2")))
                .endStatus()
                .build());

        Bootstrap.Result result = bootstrap.run("up");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(embedder().status()).isEqualTo("deployed");
        assertThat(release("reranking-nim", "reranker").revision()).isEqualTo(1);
        assertThat(endpoints().toString().replaceFirst("\"2026-11-22T10:00:[0-9]{2}Z\"", "NOW"))
                .isEqualTo("{\"created\":NOW,\"context\":\"mock\","
                        + "\"embedding\":{\"url\":\"http://embedder-text-embedding-nim.embedding-nim.svc:8000\","
                        + "\"model\":\"nvidia/nv-embedqa-e5-v5\",\"chart\":\"text-embedding-nim\",\"chartVersion\":\"1.5.0\","
                        + "\"image\":\"nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0\",\"nimVersion\":\"1.5.0\",\"gpu\":\"NVIDIA-L40S\","
                        + "\"reachedBy\":\"service\",\"namespace\":\"embedding-nim\",\"release\":\"embedder\"},"
                        + "\"reranking\":{\"url\":\"http://reranker-text-reranking-nim.reranking-nim.svc:8000\","
                        + "\"model\":\"nvidia/llama-3.2-nv-rerankqa-1b-v2\",\"chart\":\"text-reranking-nim\",\"chartVersion\":\"1.3.0\","
                        + "\"image\":\"nvcr.io/nim/nvidia/llama-3.2-nv-rerankqa-1b-v2:1.3.0\",\"nimVersion\":\"1.5.0\",\"gpu\":\"NVIDIA-L40S\","
                        + "\"reachedBy\":\"service\",\"namespace\":\"reranking-nim\",\"release\":\"reranker\"}}");
    }

    @Test
    void secretsHaveTheTwoFormsThatTheChartsRead() {
        bootstrap.run("up", "--only", "embedding");

        Secret api = client.secrets()
                .inNamespace("embedding-nim")
                .withName("ngc-api")
                .get();
        Secret pull = client.secrets()
                .inNamespace("embedding-nim")
                .withName("ngc-secret")
                .get();
        assertThat(decoded(api, "NGC_API_KEY")).isEqualTo(Bootstrap.KEY);
        assertThat(pull.getType()).isEqualTo("kubernetes.io/dockerconfigjson");
        String auth =
                Base64.getEncoder().encodeToString(("$oauthtoken:" + Bootstrap.KEY).getBytes(StandardCharsets.UTF_8));
        assertThat(decoded(pull, ".dockerconfigjson"))
                .as("character by character: a different order would be a different Secret")
                .isEqualTo("{\"auths\":{\"nvcr.io\":{\"auth\":\"" + auth + "\",\"password\":\"" + Bootstrap.KEY
                        + "\",\"username\":\"$oauthtoken\"}}}");
    }

    private static String decoded(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    @Test
    void secondUpChangesNothingOnTheCluster() throws Exception {
        bootstrap.settings(
                "gpus: 0\nvalues: {podAnnotations: {a: no, b: 0400, c: ~, d: 12345678901234567890, e: 1e21}}");
        bootstrap.run("up");
        int before = bootstrap.cluster.writes().size();
        bootstrap.whileSleeping = () -> {};

        Bootstrap.Result result = bootstrap.run("up");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("embedding: release embedder in embedding-nim: up to date");
        assertThat(bootstrap
                        .cluster
                        .writes()
                        .subList(before, bootstrap.cluster.writes().size()))
                .isEmpty();
    }

    @Test
    void changedTagIsUpgradedToRevision2() throws Exception {
        bootstrap.run("up");
        bootstrap.settings("tag: \"1.5.1\"");

        Bootstrap.Result result = bootstrap.run("up");

        assertThat(result.exitCode()).isZero();
        assertThat(embedder().revision()).isEqualTo(2);
        assertThat(embedder().manifest()).contains("nv-embedqa-e5-v5:1.5.1");
        assertThat(endpoints().path("embedding").path("image").asString()).endsWith(":1.5.1");
        assertThat(release("reranking-nim", "reranker").revision()).isEqualTo(1);
    }

    @Test
    void upgradeDoesNotTakeTheOldPodForTheNewOne() throws Exception {
        bootstrap.run("up", "--only", "embedding");
        bootstrap.settings("tag: \"1.5.1\"");
        bootstrap.whileSleeping = () -> {}; // the controller has not seen the change yet, the old pod is ready

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding", "--timeout", "30s");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("not ready after 30 s: waiting for the controller to apply the change")
                .hasLineCount(1);
    }

    @Test
    void correctedTagReachesTheStatefulSetWhosePodNeverCameUp() throws Exception {
        bootstrap.settings("tag: wrong");
        bootstrap.kubelet.setStatus(FakeKubelet.waiting("ImagePullBackOff", "manifest unknown"));
        bootstrap.run("up", "--only", "embedding");
        bootstrap.settings("tag: \"1.5.0\"");
        bootstrap.kubelet.setStatus(FakeKubelet::ready);

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("pod embedder-text-embedding-nim-0 was not ready and was deleted");
    }

    @Test
    void pendingInstallOfAKilledRunIsUninstalledAndInstalledAgain() {
        bootstrap.run("up", "--only", "embedding");
        setStatus("pending-install");

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("release embedder is pending-install: an earlier run was interrupted")
                .contains("claims stay");
        assertThat(embedder().status()).isEqualTo("deployed");
        assertThat(client.persistentVolumeClaims()
                        .inNamespace("embedding-nim")
                        .list()
                        .getItems())
                .hasSize(1);
    }

    /** As a killed Helm leaves it: the newest revision's record has this status, in its label and inside. */
    private void setStatus(String status) {
        Secret record = client.secrets()
                .inNamespace("embedding-nim")
                .withName("sh.helm.release.v1.embedder.v1")
                .get();
        record.getMetadata().getLabels().put("status", status);
        record.getData()
                .put(
                        "release",
                        nimload.deploy.helm.ReleaseRecords.withStatus(
                                record.getData().get("release"), status));
        client.resource(record).update();
    }

    @Test
    void refusedObjectFailsInOneLineAndTheNextUpContinues() {
        bootstrap.cluster.intercept(request -> request.getMethod().equals("POST")
                        && request.getPath().contains("statefulsets")
                ? MockCluster.failure(422, "Invalid", "StatefulSet is invalid: spec: quota of the year is used up")
                : null);
        Bootstrap.Result failed = bootstrap.run("up", "--only", "embedding");
        String statusAfterFailure = embedder().status();
        bootstrap.cluster.clearIntercepts();

        Bootstrap.Result repeated = bootstrap.run("up", "--only", "embedding");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err())
                .hasLineCount(1)
                .startsWith("nimload-deploy up: release embedder (namespace embedding-nim): helm install failed: ")
                .contains("quota of the year is used up")
                .contains("run the command again");
        assertThat(statusAfterFailure).isEqualTo("failed");
        assertThat(repeated.exitCode()).isZero();
        assertThat(embedder().status()).isEqualTo("deployed");
    }

    @Test
    void causeThatWaitingCannotFixEndsBothWaitsAtOnce() {
        bootstrap.kubelet.setStatus(pod -> pod.getMetadata().getNamespace().equals("embedding-nim")
                ? FakeKubelet.waiting("ErrImagePull", "unexpected status: 401 Unauthorized")
                        .apply(pod)
                : pod);

        Bootstrap.Result result = bootstrap.run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(
                        "release embedder (namespace embedding-nim) will not become ready: image "
                                + "nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0 cannot be pulled: the registry does not accept the key")
                .contains("Export the right NGC_API_KEY and run up again");
        assertThat(result.out()).contains("reranking: still starting; status shows its progress");
        assertThat(folder.resolve("target/endpoints.json")).doesNotExist();
    }

    @Test
    void deadlineReportsWhatItWasWaitingFor() {
        bootstrap.kubelet.setStatus(FakeKubelet.waiting("ContainerCreating", null));

        Bootstrap.Result result = bootstrap.run("up", "--timeout", "2m", "--only", "embedding");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("not ready after 2 min: creating the container");
    }

    @Test
    void apiServerThatIsAwayForAWhileIsWaitedFor() {
        AtomicInteger away = new AtomicInteger();
        bootstrap.cluster.intercept(
                request -> request.getPath().contains("/pods?labelSelector") && away.getAndIncrement() < 12
                        ? MockCluster.failure(503, "ServiceUnavailable", "apiserver is restarting")
                        : null);

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("the cluster's API does not answer");
        assertThat(away).hasValueGreaterThan(12);
    }

    @Test
    void onlyOneAfterTheOtherEndsWithBothInTheFile() throws Exception {
        bootstrap.run("up", "--only", "embedding");
        bootstrap.run("up", "--only", "reranking");

        assertThat(endpoints().propertyNames()).containsExactly("created", "context", "embedding", "reranking");
    }

    @Test
    void releaseCreatedBySomeoneElseIsLeftAloneUntilAdopted() {
        bootstrap.run("up", "--only", "embedding");
        client.configMaps()
                .inNamespace("embedding-nim")
                .withName("nimload-release-embedder")
                .delete();

        Bootstrap.Result refused = bootstrap.run("up", "--only", "embedding");
        Bootstrap.Result adopted = bootstrap.run("up", "--only", "embedding", "--adopt");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("release embedder (namespace embedding-nim): exists and was not created by nimload-deploy")
                .contains("--adopt");
        assertThat(adopted.exitCode()).isZero();
    }

    @Test
    void secretCreatedBySomeoneElseIsLeftAloneUntilAdopted() {
        bootstrap.cluster.put(new SecretBuilder()
                .withNewMetadata()
                .withName("ngc-api")
                .withNamespace("embedding-nim")
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of("NGC_API_KEY", "b3RoZXI="))
                .build());

        Bootstrap.Result kept = bootstrap.run("up", "--only", "embedding");
        String afterUp = apiKey();
        bootstrap.run("up", "--only", "embedding", "--adopt");

        assertThat(kept.out())
                .contains(
                        "secret ngc-api in embedding-nim: exists with different content, not created by nimload-deploy, left unchanged");
        assertThat(afterUp).isEqualTo("other");
        assertThat(apiKey()).isEqualTo(Bootstrap.KEY);
    }

    private String apiKey() {
        return decoded(
                client.secrets()
                        .inNamespace("embedding-nim")
                        .withName("ngc-api")
                        .get(),
                "NGC_API_KEY");
    }

    @Test
    void newKeyReplacesTheSecretsThatUpCreated() {
        bootstrap.run("up", "--only", "embedding");
        bootstrap.environment.put("NGC_API_KEY", "nvapi-second");

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.out()).contains("secret ngc-api in embedding-nim: replaced");
        assertThat(apiKey()).isEqualTo("nvapi-second");
    }

    @Test
    void withoutKeyAndSecretNothingIsInstalled() {
        bootstrap.environment.remove("NGC_API_KEY");

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "secret ngc-api in embedding-nim: missing, and there is nothing to create it from; export NGC_API_KEY=<your key>");
        assertThat(ReleaseRecord.read(client, "embedding-nim", "embedder")).isEmpty();
    }

    @Test
    void internalRegistryGetsItsOwnPullSecretAndNotTheNgcKey() throws Exception {
        bootstrap.settings("", "images: {registry: 'harbor.example.com:5000', pullSecret: harbor}");
        bootstrap.environment.put("NIM_REGISTRY_USERNAME", "robot");
        bootstrap.environment.put("NIM_REGISTRY_PASSWORD", "robots-password");

        bootstrap.run("up", "--only", "embedding");

        String docker = decoded(
                client.secrets().inNamespace("embedding-nim").withName("harbor").get(), ".dockerconfigjson");
        assertThat(docker).contains("harbor.example.com:5000").contains("robot").doesNotContain(Bootstrap.KEY);
        assertThat(embedder().manifest())
                .contains("harbor.example.com:5000/nim/nvidia/nv-embedqa-e5-v5:1.5.0")
                .contains("name: harbor");
    }

    @Test
    void changedPersistenceIsRefusedBeforeKubernetesRefusesIt() throws Exception {
        bootstrap.run("up", "--only", "embedding");
        int before = bootstrap.cluster.writes().size();
        bootstrap.settings("persistence: {size: 80Gi}");

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("persistence or statefulSet differs from the installed release")
                .contains("run down --only embedding, then up");
        assertThat(bootstrap.cluster.writes()).hasSize(before);
    }

    @Test
    void envVarsReachThePodAsEnvAndTheNoteSaysSo() throws Exception {
        bootstrap.settings("values: {envVars: {NIM_TRITON_PERFORMANCE_MODE: throughput}, replicaCuont: 2}");

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("embedding: note: envVars (NIM_TRITON_PERFORMANCE_MODE) was passed as env instead")
                .contains(
                        "embedding: note: replicaCuont is unknown to the chart and has no effect; did you mean replicaCount?");
        assertThat(embedder().manifest())
                .contains("name: NIM_TRITON_PERFORMANCE_MODE")
                .contains("value: throughput");
    }

    @Test
    void markOfAnInterruptedUpIsNoObstacle() {
        bootstrap.cluster.put(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("nimload-release-embedder")
                .withNamespace("embedding-nim")
                .withLabels(Map.of("app.kubernetes.io/managed-by", "nimload-deploy"))
                .endMetadata()
                .build());

        assertThat(bootstrap.run("up", "--only", "embedding").exitCode()).isZero();
    }
}
