package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.deploy.helm.ReleaseRecord;
import nimload.deploy.mock.Bootstrap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void downWaitsUntilThePodHasEnded() {
        bootstrap.run("up", "--only", "embedding");
        bootstrap.whileSleeping = () -> {}; // the pod does not end

        Bootstrap.Result result = bootstrap.run("down", "--only", "embedding", "--timeout", "10s");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("uninstalled, but its pod still exists after 10 s")
                .hasLineCount(1);
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
    void releaseCreatedBySomeoneElseIsNotUninstalled() {
        bootstrap.run("up", "--only", "embedding");
        client.configMaps()
                .inNamespace("embedding-nim")
                .withName("nimload-release-embedder")
                .delete();

        Bootstrap.Result result = bootstrap.run("down", "--only", "embedding");

        assertThat(result.out())
                .contains("release embedder in embedding-nim: not created by nimload-deploy, left unchanged");
        assertThat(ReleaseRecord.read(client, "embedding-nim", "embedder")).isPresent();
    }

    @Test
    void purgeLeavesTheClaimsSecretsAndNamespaceOfAReleaseCreatedBySomeoneElse() {
        bootstrap.run("up", "--only", "embedding");
        client.configMaps()
                .inNamespace("embedding-nim")
                .withName("nimload-release-embedder")
                .delete();

        Bootstrap.Result result = bootstrap.run("down", "--only", "embedding", "--purge", "embedding-nim");

        assertThat(result.out())
                .contains(
                        "namespace embedding-nim and its secrets: used by release embedder, not created by nimload-deploy, left unchanged");
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
