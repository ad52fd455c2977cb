package nimload.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {

    @TempDir
    Path folder;

    private Path kubeconfig;

    @BeforeEach
    void write() throws Exception {
        kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: a, cluster: {server: 'https://a.example.com:6443', certificate-authority: ca.crt}}
                - {name: b, cluster: {server: 'https://b.example.com:6443', insecure-skip-tls-verify: true}}
                users:
                - {name: dev, user: {client-certificate: dev.crt, client-key: dev.key}}
                - {name: ops, user: {token: ops-token}}
                contexts:
                - {name: at-a, context: {cluster: a, user: dev, namespace: x}}
                - {name: at-b, context: {cluster: b, user: ops}}
                current-context: at-a
                """);
    }

    private Config configure(String context) {
        return Cluster.configure(Optional.of(kubeconfig), Optional.ofNullable(context), name -> null);
    }

    @Test
    void currentContextIsTheDefaultAndItsFilesAreFoundNextToTheKubeconfig() {
        Config config = configure(null);

        assertThat(config.getMasterUrl()).isEqualTo("https://a.example.com:6443/");
        assertThat(config.getCurrentContext().getName()).isEqualTo("at-a");
        assertThat(config.getCaCertFile()).isEqualTo(folder.resolve("ca.crt").toString());
        assertThat(config.getClientCertFile())
                .isEqualTo(folder.resolve("dev.crt").toString());
        assertThat(config.getClientKeyFile())
                .isEqualTo(folder.resolve("dev.key").toString());
    }

    @Test
    void chosenContextBringsItsOwnClusterAndUser() {
        Config config = configure("at-b");

        assertThat(config.getMasterUrl()).isEqualTo("https://b.example.com:6443/");
        assertThat(config.getCurrentContext().getName()).isEqualTo("at-b");
        assertThat(config.getAutoOAuthToken()).isEqualTo("ops-token");
        assertThat(config.getClientCertFile()).isNull();
    }

    @Test
    void firstFileOfSeveralThatKnowsTheContextIsTaken() throws Exception {
        Path other = Files.writeString(
                folder.resolve("other"),
                "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'https://c:1'}}]\n"
                        + "contexts: [{name: at-c, context: {cluster: c}}]\n");
        String variable = other + java.io.File.pathSeparator + kubeconfig;

        assertThat(Cluster.configure(
                                Optional.empty(),
                                Optional.of("at-b"),
                                name -> name.equals("KUBECONFIG") ? variable : null)
                        .getMasterUrl())
                .isEqualTo("https://b.example.com:6443/");
        assertThat(Cluster.configure(
                                Optional.empty(),
                                Optional.of("at-c"),
                                name -> name.equals("KUBECONFIG") ? variable : null)
                        .getMasterUrl())
                .isEqualTo("https://c:1/");
    }
}
