package nimload.deploy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KubeconfigTextTest {

    private static JsonNode text(Config config) {
        return JsonMapper.shared().readTree(KubeconfigText.of(config));
    }

    private static ConfigBuilder config() {
        return new ConfigBuilder(Config.empty()).withMasterUrl("https://api.example.com:6443");
    }

    @Test
    void filesAreEmbeddedAsData(@TempDir Path folder) throws Exception {
        Path ca = Files.writeString(folder.resolve("ca.crt"), "the ca");
        JsonNode json = text(config().withCaCertFile(ca.toString())
                .withClientCertData("Y2VydA==")
                .withClientKeyData("a2V5")
                .build());

        JsonNode cluster = json.path("clusters").path(0).path("cluster");
        assertThat(cluster.path("server").asString()).startsWith("https://api.example.com:6443");
        assertThat(new String(Base64.getDecoder()
                        .decode(cluster.path("certificate-authority-data").asString())))
                .isEqualTo("the ca");
        assertThat(json.path("users")
                        .path(0)
                        .path("user")
                        .path("client-key-data")
                        .asString())
                .isEqualTo("a2V5");
    }

    @Test
    void tokenOfAnExecPluginIsTheOneThatTheClientResolved() {
        assertThat(text(config().withAutoOAuthToken("from-the-plugin").build())
                        .path("users")
                        .path(0)
                        .path("user")
                        .path("token")
                        .asString())
                .isEqualTo("from-the-plugin");
    }

    @Test
    void proxyIsTheOneOfTheClient() {
        ConfigBuilder proxied = config().withHttpsProxy("http://proxy:3128");

        assertThat(text(proxied.build()).at("/clusters/0/cluster/proxy-url").asString())
                .isEqualTo("http://proxy:3128");
        assertThat(text(proxied.withMasterUrl("http://api.example.com").build())
                        .at("/clusters/0/cluster")
                        .has("proxy-url"))
                .isFalse();
    }

    @Test
    void trustingEveryCertificateExcludesTheAuthority() {
        JsonNode cluster = text(config().withCaCertData("Y2E=")
                        .withTrustCerts(true)
                        .build())
                .path("clusters")
                .path(0)
                .path("cluster");

        assertThat(cluster.path("insecure-skip-tls-verify").asBoolean()).isTrue();
        assertThat(cluster.has("certificate-authority-data")).isFalse();
    }
}
