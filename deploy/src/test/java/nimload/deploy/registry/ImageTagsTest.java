package nimload.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.mock.LoopbackTls;
import nimload.deploy.mock.LoopbackTls.Answer;
import nimload.deploy.settings.Settings;
import org.junit.jupiter.api.Test;

/** The OCI distribution API as registries implement it, over real TLS on loopback. */
class ImageTagsTest {

    private static final String REPOSITORY = "nim/nvidia/nv-embedqa-e5-v5";
    private static final String CREDENTIALS =
            Base64.getEncoder().encodeToString("$oauthtoken:the-key".getBytes(StandardCharsets.UTF_8));

    private static List<String> tags(LoopbackTls registry, Optional<String> tokenHost) {
        return new ImageTags(
                        LoopbackTls.client(),
                        new Settings.Images("127.0.0.1:" + registry.port(), "pull", tokenHost),
                        Optional.of(CREDENTIALS))
                .of(REPOSITORY);
    }

    private static Answer json(String body, String... headers) {
        return Answer.of(200, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Answer challenge(String realm) {
        return Answer.of(
                401,
                new byte[0],
                "WWW-Authenticate: Bearer realm=\"" + realm + "\",service=\"registry\",scope=\"repository:" + REPOSITORY
                        + ":pull\"");
    }

    private static String authorization(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    @Test
    void tokenExchangeSendsTheCredentialsOnlyToTheTokenRoute() throws Exception {
        int[] port = new int[1];
        try (LoopbackTls registry = new LoopbackTls(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/proxy_auth")) {
                return authorization(exchange).equals("Basic " + CREDENTIALS)
                        ? json("{\"token\":\"t0ken\"}")
                        : Answer.of(401, new byte[0]);
            }
            return authorization(exchange).equals("Bearer t0ken")
                    ? json("{\"name\":\"x\",\"tags\":[\"1.3.0\",\"1.10.0\",\"latest\",\"1.5.0\"]}")
                    : challenge("https://127.0.0.1:" + port[0] + "/proxy_auth");
        })) {
            port[0] = registry.port();

            assertThat(tags(registry, Optional.empty())).containsExactly("latest", "1.10.0", "1.5.0", "1.3.0");
            assertThat(registry.received())
                    .extracting(LoopbackTls.Received::path)
                    .containsExactly(
                            "/v2/" + REPOSITORY + "/tags/list?n=100",
                            "/proxy_auth?scope=repository%3Anim%2Fnvidia%2Fnv-embedqa-e5-v5%3Apull&service=registry",
                            "/v2/" + REPOSITORY + "/tags/list?n=100");
            assertThat(registry.received())
                    .extracting(LoopbackTls.Received::authorization)
                    .containsExactly(null, "Basic " + CREDENTIALS, "Bearer t0ken");
        }
    }

    @Test
    void tokenHostNotNamedInTheSettingsGetsNothing() throws Exception {
        try (LoopbackTls elsewhere = new LoopbackTls(exchange -> json("{\"token\":\"t\"}"));
                LoopbackTls registry =
                        new LoopbackTls(exchange -> challenge("https://localhost:" + elsewhere.port() + "/token"))) {
            assertThatThrownBy(() -> tags(registry, Optional.empty()))
                    .isInstanceOf(DeployException.class)
                    .hasMessageContaining("asks for the credentials to be sent to another host, https://localhost:"
                            + elsewhere.port() + "/token; if that is right")
                    .hasMessageContaining("set images.tokenHost: localhost:" + elsewhere.port());
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void tokenHostNamedInTheSettingsIsUsed() throws Exception {
        try (LoopbackTls tokens = new LoopbackTls(exchange -> json("{\"access_token\":\"t\"}"));
                LoopbackTls registry =
                        new LoopbackTls(exchange -> authorization(exchange).equals("Bearer t")
                                ? json("{\"tags\":[\"1.0\"]}")
                                : challenge("https://localhost:" + tokens.port() + "/token"))) {
            assertThat(tags(registry, Optional.of("localhost:" + tokens.port())))
                    .containsExactly("1.0");
        }
    }

    @Test
    void basicChallengeIsAnsweredDirectly() throws Exception {
        try (LoopbackTls registry =
                new LoopbackTls(exchange -> authorization(exchange).equals("Basic " + CREDENTIALS)
                        ? json("{\"tags\":[\"2.0\"]}")
                        : Answer.of(401, new byte[0], "WWW-Authenticate: Basic realm=\"artifactory\""))) {
            assertThat(tags(registry, Optional.empty())).containsExactly("2.0");
        }
    }

    @Test
    void allPagesAreRead() throws Exception {
        try (LoopbackTls registry = new LoopbackTls(
                exchange -> String.valueOf(exchange.getRequestURI().getQuery()).contains("last=b")
                        ? json("{\"tags\":[\"c\"]}")
                        : json(
                                "{\"tags\":[\"a\",\"b\"]}",
                                "Link: </v2/" + REPOSITORY + "/tags/list?n=2&last=b>; rel=\"next\""))) {
            assertThat(tags(registry, Optional.empty())).containsExactly("c", "b", "a");
        }
    }

    @Test
    void nextPageOnAnotherHostIsNotFollowed() throws Exception {
        try (LoopbackTls registry = new LoopbackTls(
                exchange -> json("{\"tags\":[\"a\"]}", "Link: <https://192.0.2.1/more>; rel=\"next\""))) {
            assertThat(tags(registry, Optional.empty())).containsExactly("a");
        }
    }

    @Test
    void refusalsSayWhatToDo() throws Exception {
        try (LoopbackTls registry = new LoopbackTls(exchange -> Answer.of(404, new byte[0]))) {
            assertThatThrownBy(() -> tags(registry, Optional.empty()))
                    .hasMessageContaining("answered 404: no such repository; correct image in the settings file");
        }
        try (LoopbackTls registry = new LoopbackTls(exchange -> Answer.of(403, new byte[0]))) {
            assertThatThrownBy(() -> tags(registry, Optional.empty()))
                    .hasMessageContaining("these credentials have no access")
                    .hasMessageNotContaining(CREDENTIALS);
        }
        try (LoopbackTls registry = new LoopbackTls(exchange -> json("<html>"))) {
            assertThatThrownBy(() -> tags(registry, Optional.empty())).hasMessageContaining("the response is not JSON");
        }
    }
}
