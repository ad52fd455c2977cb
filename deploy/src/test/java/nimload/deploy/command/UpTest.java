package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.mockwebserver.http.MockResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.FakeKubelet;
import nimload.deploy.mock.KeyServers;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    private Bootstrap.Result up(String... more) {
        return bootstrap.run(Stream.concat(Stream.of("up", "--only", "embedding"), Stream.of(more))
                .toArray(String[]::new));
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
        bootstrap.cluster.put(MockCluster.gpuNode(2));

        Bootstrap.Result result = bootstrap.run("up");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(embedder().status()).isEqualTo("deployed");
        assertThat(release("reranking-nim", "reranker").revision()).isEqualTo(1);
        assertThat(endpoints().toString().replaceFirst("\"2026-11-22T10:00:[0-9]{2}Z\"", "NOW"))
                .isEqualTo("{\"created\":NOW,\"context\":\"mock\","
                        + "\"embedding\":{\"url\":\"http://embedder-text-embedding-nim.embedding-nim.svc:8000\","
                        + "\"model\":\"nvidia/nv-embedqa-e5-v5\",\"chart\":\"text-embedding-nim\",\"chartVersion\":\"1.5.0\","
                        + "\"image\":\"nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0\",\"gpu\":\"NVIDIA-L40S\","
                        + "\"reachedBy\":\"service\",\"namespace\":\"embedding-nim\",\"release\":\"embedder\"},"
                        + "\"reranking\":{\"url\":\"http://reranker-text-reranking-nim.reranking-nim.svc:8000\","
                        + "\"model\":\"nvidia/llama-3.2-nv-rerankqa-1b-v2\",\"chart\":\"text-reranking-nim\",\"chartVersion\":\"1.3.0\","
                        + "\"image\":\"nvcr.io/nim/nvidia/llama-3.2-nv-rerankqa-1b-v2:1.3.0\",\"gpu\":\"NVIDIA-L40S\","
                        + "\"reachedBy\":\"service\",\"namespace\":\"reranking-nim\",\"release\":\"reranker\"}}");
    }

    @Test
    void secretsHaveTheTwoFormsThatTheChartsRead() {
        up();

        Secret pull = secret("ngc-secret");
        assertThat(apiKey()).isEqualTo(Bootstrap.KEY);
        assertThat(pull.getType()).isEqualTo("kubernetes.io/dockerconfigjson");
        String auth =
                Base64.getEncoder().encodeToString(("$oauthtoken:" + Bootstrap.KEY).getBytes(StandardCharsets.UTF_8));
        assertThat(decoded(pull, ".dockerconfigjson"))
                .as("character by character: a different order would be a different Secret")
                .isEqualTo("{\"auths\":{\"nvcr.io\":{\"auth\":\"" + auth + "\",\"password\":\"" + Bootstrap.KEY
                        + "\",\"username\":\"$oauthtoken\"}}}");
    }

    private Secret secret(String name) {
        return client.secrets().inNamespace("embedding-nim").withName(name).get();
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
        assertThat(bootstrap.cluster.writes()).hasSize(before);
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
        up();
        bootstrap.settings("tag: \"1.5.1\"");
        bootstrap.whileSleeping = () -> {}; // the controller has not seen the change yet, the old pod is ready

        Bootstrap.Result result = up("--timeout", "30s");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("not ready after 30 s: waiting for the controller to apply the change")
                .hasLineCount(1);
    }

    @Test
    void correctedTagReachesTheStatefulSetWhosePodNeverCameUp() throws Exception {
        bootstrap.settings("tag: wrong");
        bootstrap.kubelet.setStatus(FakeKubelet.waiting("ImagePullBackOff", "manifest unknown"));
        up();
        bootstrap.settings("tag: \"1.5.0\"");
        bootstrap.kubelet.setStatus(FakeKubelet::ready);

        Bootstrap.Result result = up();

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("pod embedder-text-embedding-nim-0 of the former revision was not ready and was deleted");
    }

    @Test
    void pendingInstallOfAKilledRunIsUninstalledAndInstalledAgain() {
        up();
        setStatus("pending-install");
        bootstrap.cluster.clockAhead(Duration.ofMinutes(6));

        Bootstrap.Result result = up();

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

    /** As a Helm at work or a killed one leaves it: the newest revision's record has this status, in its label and inside. */
    private void setStatus(String status) {
        Secret record = secret("sh.helm.release.v1.embedder.v1");
        record.getMetadata().getLabels().put("status", status);
        record.getData().compute("release", (key, data) -> nimload.deploy.helm.ReleaseRecords.withStatus(data, status));
        client.resource(record).update();
    }

    @ParameterizedTest
    @CsvSource({"up, up to date", "down, uninstalled"})
    void youngPendingRecordIsSomebodysWorkAndWaitedFor(String command, String outcome) {
        up();
        setStatus("pending-upgrade");
        AtomicInteger polls = new AtomicInteger();
        bootstrap.whileSleeping = () -> {
            if (polls.incrementAndGet() == 5) {
                setStatus("deployed");
            }
            bootstrap.kubelet.step();
        };

        Bootstrap.Result result = bootstrap.run(command, "--only", "embedding");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("embedding 00:00 waiting: another command is at work on release embedder since 20.*Z "
                        + "\\(pending-upgrade\\)")
                .contains(outcome)
                .doesNotContain("interrupted");
        assertThat(polls).hasValueGreaterThanOrEqualTo(5);
    }

    @Test
    void workOfAnotherThatOutlastsTheTimeoutIsRefusedByNameAndUntouched() {
        up();
        setStatus("pending-install");
        bootstrap.whileSleeping = () -> {};
        int before = bootstrap.cluster.writes().size();

        Bootstrap.Result result = up("--timeout", "90s");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(
                        "release embedder (namespace embedding-nim): another command is at work on release embedder since 20")
                .contains(
                        "(pending-install); waited 90 s. Nothing was changed; run the command again when that has ended");
        assertThat(bootstrap.run("plan", "--only", "embedding").out()).contains("at work", ": up would wait for it");
        assertThat(bootstrap.cluster.writes()).hasSize(before);
    }

    @Test
    void pendingRecordBecomesALeftoverAfter5Minutes() {
        up();
        setStatus("pending-install");

        Bootstrap.Result result = up("--timeout", "6m");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("waiting: another command", "an earlier run was interrupted");
    }

    /** Both saw no release; the other one's record was there first. */
    @Test
    void upThatLosesTheRaceForTheReleaseWaitsForTheWinner() {
        up();
        setStatus("pending-install");
        AtomicBoolean tried = new AtomicBoolean();
        bootstrap.cluster.intercept(request -> {
            if (request.getMethod().equals("POST") && request.getPath().endsWith("/secrets")) {
                tried.set(true);
            }
            return !tried.get() && request.getPath().contains("/secrets?labelSelector")
                    ? new MockResponse()
                            .setResponseCode(200)
                            .setBody("{\"kind\":\"SecretList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}")
                    : null;
        });
        bootstrap.whileSleeping = () -> setStatus("deployed");

        Bootstrap.Result result = up("--timeout", "1m");

        assertThat(tried).isTrue();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("waiting: another command is at work on release embedder", "in embedding-nim: up to date");
    }

    @Test
    void namespaceThatIsBeingDeletedIsWaitedFor() {
        AtomicBoolean gone = new AtomicBoolean();
        bootstrap.cluster.intercept(
                request -> !gone.get() && request.getPath().equals("/api/v1/namespaces/embedding-nim")
                        ? new MockResponse()
                                .setResponseCode(200)
                                .setBody("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":"
                                        + "\"embedding-nim\",\"deletionTimestamp\":\"2026-11-22T10:00:00Z\"}}")
                        : null);
        bootstrap.whileSleeping = () -> {
            gone.set(true);
            bootstrap.kubelet.step();
        };

        Bootstrap.Result result = up();

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("waiting: namespace embedding-nim is being deleted", "namespace embedding-nim: created");
    }

    /** One GPU. By default a Deployment rolls: its new pod waits for the GPU of the former one, which stays until the new one is ready. */
    @ParameterizedTest
    @CsvSource({"'',0", "upgrade: recreate,0", "upgrade: rolling,1"})
    void formerPodOfADeploymentEndsFirstUnlessTheSettingsSayRolling(String setting, int exitCode) throws Exception {
        bootstrap.cluster.put(MockCluster.gpuNode(1));
        String lines = setting + "\npersistence: {enabled: false}\n";
        bootstrap.settings(lines);
        up();
        String former = pod();
        bootstrap.settings(lines + "tag: \"1.5.1\"");

        Bootstrap.Result result = up("--timeout", "1m");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(result.out()).doesNotContain("was deleted");
        if (exitCode == 0) {
            assertThat(pod()).isNotEqualTo(former);
        } else {
            assertThat(result.err())
                    .contains("not ready after 1 min: pod embedder-text-embedding-nim-")
                    .contains(
                            "requests 1 nvidia.com/gpu, and its own former pod " + former
                                    + " holds the GPU. Set upgrade: recreate for this NIM in the settings file and run up again");
            bootstrap.settings(lines.replace("rolling", "recreate") + "tag: \"1.5.1\"");
            assertThat(up().exitCode()).as("the same change, now recreated").isZero();
        }
    }

    /** The name of the only pod. */
    private String pod() {
        return client.pods().inNamespace("embedding-nim").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.joining(" and "));
    }

    /** Real TLS on loopback: a chart server and a registry with its token route. */
    @ParameterizedTest
    @CsvSource({
        "200, 401, the registry answered 401: it does not accept NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD",
        "200, 403, the registry answered 403: these credentials have no access",
        "401, 200, 127.0.0.1 answered 401: it does not accept the key in NGC_API_KEY"
    })
    void refusedKeyCreatesNothingThoughTheChartIsOnDisk(int chart, int token, String refusal) throws Exception {
        try (KeyServers servers = new KeyServers(bootstrap)) {
            bootstrap.run("plan", "--only", "embedding"); // downloads the chart
            servers.chart = chart;
            servers.token = token;

            Bootstrap.Result up = up();
            Bootstrap.Result doctor = bootstrap.run("doctor", "--only", "embedding");

            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.err()).hasLineCount(1).contains(refusal);
            assertThat(bootstrap.cluster.writes()).isEmpty();
            assertThat(doctor.out()).contains("FAIL key of embedding: ").contains(refusal);
            servers.assertEachKeyWentToItsOwnServer();
        }
    }

    @Test
    void serverOfAKeyThatDoesNotAnswerIsANote() throws Exception {
        try (KeyServers servers = new KeyServers(bootstrap)) {
            bootstrap.run("plan", "--only", "embedding");
            servers.chart = 503;
            servers.token = 500;

            Bootstrap.Result up = up();

            assertThat(up.exitCode()).as(up.err()).isZero();
            assertThat(up.out())
                    .contains("embedding: note: key not checked: 127.0.0.1 answered 503")
                    .contains("embedding: note: key not checked: the registry answered 500");
        }
        assertThat(bootstrap.run("doctor", "--only", "embedding").out())
                .containsPattern(
                        "note key of embedding: not checked: 127.0.0.1 does not answer \\(connection refused\\)")
                .containsPattern(
                        "note key of embedding: not checked: 127.0.0.1:[0-9]+ does not answer \\(connection refused\\)")
                .doesNotContain("FAIL key");
    }

    @Test
    void refusedObjectFailsInOneLineAndTheNextUpContinues() {
        bootstrap.cluster.intercept(request -> request.getMethod().equals("POST")
                        && request.getPath().contains("statefulsets")
                ? MockCluster.failure(422, "Invalid", "StatefulSet is invalid: spec: quota of the year is used up")
                : null);
        Bootstrap.Result failed = up();
        String statusAfterFailure = embedder().status();
        bootstrap.cluster.clearIntercepts();

        Bootstrap.Result repeated = up();

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

    @ParameterizedTest
    @CsvSource({"2m, 2 min", "90s, 90 s", "60s, 1 min"})
    void deadlineReportsWhatItWasWaitingFor(String timeout, String readable) {
        bootstrap.kubelet.setStatus(FakeKubelet.waiting("ContainerCreating", null));

        assertThat(up("--timeout", timeout).err()).contains("not ready after " + readable + ": creating the container");
    }

    @Test
    void apiServerThatIsAwayForAWhileIsWaitedFor() {
        AtomicInteger away = new AtomicInteger();
        bootstrap.cluster.intercept(
                request -> request.getPath().contains("/pods?labelSelector") && away.getAndIncrement() < 12
                        ? MockCluster.failure(503, "ServiceUnavailable", "apiserver is restarting")
                        : null);

        Bootstrap.Result result = up();

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("the cluster's API does not answer");
        assertThat(away).hasValueGreaterThan(12);
    }

    @Test
    void onlyOneAfterTheOtherEndsWithBothInTheFile() throws Exception {
        up();
        bootstrap.run("up", "--only", "reranking");

        assertThat(endpoints().propertyNames()).containsExactly("created", "context", "embedding", "reranking");
    }

    @Test
    void releaseCreatedBySomeoneElseIsLeftAloneWithoutASecretUntilAdopted() {
        up();
        client.configMaps().inNamespace("embedding-nim").delete();
        List.of("ngc-api", "ngc-secret")
                .forEach(name -> client.resource(secret(name)).delete());
        int before = bootstrap.cluster.writes().size();

        Bootstrap.Result refused = up();

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("release embedder (namespace embedding-nim): exists and was not created by nimload-deploy")
                .contains("--adopt");
        assertThat(bootstrap.run("plan").err()).contains("exists and was not created by nimload-deploy");
        assertThat(bootstrap.cluster.writes()).hasSize(before);
        assertThat(up("--adopt").exitCode()).isZero();
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

        Bootstrap.Result kept = up();
        String afterUp = apiKey();
        up("--adopt");

        assertThat(kept.out())
                .contains(
                        "secret ngc-api in embedding-nim: exists with different content, not created by nimload-deploy, left unchanged");
        assertThat(afterUp).isEqualTo("other");
        assertThat(apiKey()).isEqualTo(Bootstrap.KEY);
    }

    private String apiKey() {
        return decoded(secret("ngc-api"), "NGC_API_KEY");
    }

    @Test
    void newKeyReplacesTheSecretsThatUpCreated() {
        up();
        bootstrap.environment.put("NGC_API_KEY", "nvapi-second");

        Bootstrap.Result result = up();

        assertThat(result.out()).contains("secret ngc-api in embedding-nim: replaced");
        assertThat(apiKey()).isEqualTo("nvapi-second");
    }

    @Test
    void withoutKeyAndSecretNothingIsInstalled() {
        bootstrap.environment.remove("NGC_API_KEY");

        Bootstrap.Result result = up();

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

        up();

        String docker = decoded(secret("harbor"), ".dockerconfigjson");
        assertThat(docker).contains("harbor.example.com:5000").contains("robot").doesNotContain(Bootstrap.KEY);
        assertThat(embedder().manifest())
                .contains("harbor.example.com:5000/nim/nvidia/nv-embedqa-e5-v5:1.5.0")
                .contains("name: harbor");
    }

    @Test
    void changedPersistenceIsRefusedBeforeKubernetesRefusesIt() throws Exception {
        up();
        int before = bootstrap.cluster.writes().size();
        bootstrap.settings("persistence: {size: 80Gi}");

        Bootstrap.Result result = up();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("persistence or statefulSet differs from the installed release")
                .contains("run down --only embedding, then up");
        assertThat(bootstrap.cluster.writes()).hasSize(before);
    }

    @Test
    void envVarsReachThePodAsEnvAndTheNoteSaysSo() throws Exception {
        bootstrap.settings("values: {envVars: {NIM_TRITON_PERFORMANCE_MODE: throughput}, replicaCuont: 2}");

        Bootstrap.Result result = up();

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

        assertThat(up().exitCode()).isZero();
    }
}
