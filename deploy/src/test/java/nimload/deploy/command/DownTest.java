package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownTest {

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

    @Test
    void downUninstallsAndKeepsModelCacheSecretsAndNamespaces() {
        bootstrap.run("up");
        bootstrap.cluster.put(new JobBuilder()
                .withNewMetadata()
                .withName("nimload-run")
                .withNamespace("nim-benchmark")
                .endMetadata()
                .build());

        Bootstrap.Result result = bootstrap.run("down");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("release embedder in embedding-nim: uninstalled; its claims stay")
                .contains("job nimload-run in nim-benchmark: deleted");
        assertThat(ReleaseRecord.read(client, "embedding-nim", "embedder")).isEmpty();
        assertThat(client.apps().statefulSets().inAnyNamespace().list().getItems())
                .isEmpty();
        assertThat(client.pods().inAnyNamespace().list().getItems()).isEmpty();
        assertThat(client.persistentVolumeClaims().inAnyNamespace().list().getItems())
                .hasSize(2);
        assertThat(client.secrets().inNamespace("embedding-nim").list().getItems())
                .hasSize(2);
        assertThat(client.namespaces().withName("embedding-nim").get()).isNotNull();
        assertThat(folder.resolve("target/endpoints.json")).doesNotExist();
    }

    @Test
    void downUninstallsBothAndThenWaitsForBothUntilTheirPodsHaveEnded() {
        bootstrap.run("up");
        AtomicInteger polls = new AtomicInteger();
        bootstrap.whileSleeping = polls::incrementAndGet; // the pods do not end

        Bootstrap.Result result = bootstrap.run("down", "--timeout", "10s");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("uninstalled, but not ended after 10 s: pod embedder-text-embedding-nim-0 in embedding-nim,"
                        + " pod reranker-text-reranking-nim-0 in reranking-nim; see kubectl get pods")
                .hasLineCount(1);
        assertThat(result.out())
                .contains(
                        "release reranker in reranking-nim: uninstalled; its claims stay",
                        "embedding 00:00 waiting for pod embedder-text-embedding-nim-0 to end",
                        "reranking 00:00 waiting for pod reranker-text-reranking-nim-0 to end");
        assertThat(polls).as("every 2 s, for both at once").hasValue(5);
    }

    /** What this user may not delete, by its path; the line about it; what is gone all the same in both namespaces. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/namespaces/embedding-nim | namespace embedding-nim | 0 | 0",
                "/api/v1/namespaces/embedding-nim/secrets/ngc-api | secret ngc-api in embedding-nim | 1 | 0",
                "/api/v1/namespaces/embedding-nim/persistentvolumeclaims/model-store-embedder-text-embedding-nim-0"
                        + " | claim model-store-embedder-text-embedding-nim-0 in embedding-nim | 0 | 1",
                "/apis/apps/v1/namespaces/embedding-nim/statefulsets/embedder-text-embedding-nim"
                        + " | release embedder in embedding-nim | 3 | 1"
            })
    void purgeGoesOnPastWhatThisUserMayNotDeleteAndNamesWhatStays(String path, String object, int secrets, int claims) {
        bootstrap.run("up");
        bootstrap.cluster.intercept(request -> request.getMethod().equals("DELETE")
                        && request.getPath().replaceFirst("\\?.*", "").equals(path)
                ? MockCluster.failure(403, "Forbidden", "User \"dev\" cannot delete this")
                : null);

        Bootstrap.Result result = bootstrap.run("down", "--purge", "embedding-nim,reranking-nim");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains(object + ": stays; ");
        assertThat(result.err())
                .hasLineCount(1)
                .contains("not everything was deleted; these stay: " + object + ". Ask an administrator");
        assertThat(client.secrets().inAnyNamespace().list().getItems()).hasSize(secrets);
        assertThat(client.persistentVolumeClaims().inAnyNamespace().list().getItems())
                .hasSize(claims);
        assertThat(client.namespaces().withName("reranking-nim").get()).isNull();
        bootstrap.cluster.clearIntercepts();
        Bootstrap.Result again = bootstrap.run("down", "--purge", "embedding-nim");
        assertThat(again.exitCode()).as(again.err() + again.out()).isZero();
    }

    @Test
    void purgeDeletesWhatUpCreatedInTheNamedNamespaces() {
        bootstrap.run("up");

        Bootstrap.Result result = bootstrap.run("down", "--purge", "embedding-nim");

        assertThat(result.exitCode()).isZero();
        assertThat(client.namespaces().withName("embedding-nim").get()).isNull();
        assertThat(client.secrets().inNamespace("embedding-nim").list().getItems())
                .isEmpty();
        assertThat(client.persistentVolumeClaims()
                        .inNamespace("embedding-nim")
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(client.namespaces().withName("reranking-nim").get()).isNotNull();
        assertThat(client.persistentVolumeClaims()
                        .inNamespace("reranking-nim")
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    void purgeLeavesForeignNamespacesAndSecrets() {
        bootstrap.cluster.put(
                new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("embedding-nim")
                        .endMetadata()
                        .build(),
                new SecretBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .withNamespace("embedding-nim")
                        .endMetadata()
                        .withData(Map.of())
                        .build());
        bootstrap.run("up", "--only", "embedding");

        Bootstrap.Result result = bootstrap.run("down", "--only", "embedding", "--purge", "embedding-nim");

        assertThat(result.out()).contains("namespace embedding-nim: not created by nimload-deploy, left unchanged");
        assertThat(client.secrets().inNamespace("embedding-nim").list().getItems())
                .extracting(secret -> secret.getMetadata().getName())
                .containsExactly("theirs");
    }

    @Test
    void purgeOfANamespaceThatIsNotInTheSettingsIsWrongUsage() {
        bootstrap.run("up", "--only", "embedding");
        int before = bootstrap.cluster.writes().size();

        Bootstrap.Result result = bootstrap.run("down", "--purge", "kube-system");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "--purge kube-system: not a namespace in these settings; use one or more of embedding-nim, nim-benchmark,"
                                + " reranking-nim");
        assertThat(bootstrap.cluster.writes()).hasSize(before);
    }

    @Test
    void sharedNamespaceSurvivesThePurgeOfOneNim() throws Exception {
        Files.writeString(
                folder.resolve("nims.yaml"),
                "embedding: {chart: text-embedding-nim, namespace: nims}\nreranking: {chart: text-reranking-nim, namespace: nims}\n");
        bootstrap.run("up");

        Bootstrap.Result result = bootstrap.run("down", "--only", "embedding", "--purge", "nims");

        assertThat(result.out()).contains("namespace nims and its secrets: used by the other NIM, left unchanged");
        assertThat(client.namespaces().withName("nims").get()).isNotNull();
        assertThat(client.persistentVolumeClaims().inNamespace("nims").list().getItems())
                .hasSize(1);
        assertThat(bootstrap.run("up", "--only", "reranking").out()).contains("up to date");
    }

    @Test
    void downLeavesTheReleaseClaimsSecretsAndNamespaceOfSomeoneElse() {
        bootstrap.run("up", "--only", "embedding");
        client.configMaps()
                .inNamespace("embedding-nim")
                .withName("nimload-release-embedder")
                .delete();

        Bootstrap.Result result = bootstrap.run("down", "--only", "embedding", "--purge", "embedding-nim");

        assertThat(result.out())
                .contains(
                        "release embedder in embedding-nim: not created by nimload-deploy, left unchanged",
                        "namespace embedding-nim and its secrets: used by release embedder, left unchanged");
        assertThat(ReleaseRecord.read(client, "embedding-nim", "embedder")).isPresent();
        assertThat(client.persistentVolumeClaims()
                        .inNamespace("embedding-nim")
                        .list()
                        .getItems())
                .hasSize(1);
        assertThat(client.secrets().inNamespace("embedding-nim").list().getItems())
                .hasSizeGreaterThan(1);
        assertThat(client.namespaces().withName("embedding-nim").get()).isNotNull();
    }

    @Test
    void downWithNothingInstalledSucceeds() {
        Bootstrap.Result result = bootstrap.run("down");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("release embedder in embedding-nim: not installed");
    }
}
