package nimload.deploy.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import nimload.deploy.mock.LoopbackTls.Answer;

/** A chart server for the NGC key and an internal registry with a token route for its own login, each with the status that a test sets. */
public final class KeyServers implements AutoCloseable {

    public volatile int chart = 200;
    public volatile int token = 200;
    private final LoopbackTls charts = new LoopbackTls(this::chart);
    private final LoopbackTls registry = new LoopbackTls(this::token);
    private final byte[] archive;

    /** Points the embedding NIM's settings and the environment to both. */
    public KeyServers(Bootstrap bootstrap) throws IOException {
        Path scratch = Files.createTempDirectory(bootstrap.folder, "served");
        archive = StandInCharts.archive("text-embedding-nim", scratch);
        bootstrap.http = LoopbackTls.client();
        bootstrap.environment.put("NIM_REGISTRY_USERNAME", "robot");
        bootstrap.environment.put("NIM_REGISTRY_PASSWORD", "secret");
        Files.writeString(
                bootstrap.folder.resolve("nims.yaml"),
                "images: {registry: '127.0.0.1:" + registry.port() + "'}\nembedding: {chart: 'https://127.0.0.1:"
                        + charts.port() + "/c', chartVersion: '1'}\nreranking: {chart: text-reranking-nim}\n");
    }

    private Answer chart(HttpExchange exchange) {
        return Answer.of(chart, archive);
    }

    private Answer token(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return exchange.getRequestURI().getPath().equals("/token")
                ? Answer.of(token, "{\"token\":\"t\"}".getBytes(StandardCharsets.UTF_8))
                : Answer.of(401, new byte[0], "WWW-Authenticate: Bearer realm=\"https://" + host + "/token\"");
    }

    public void assertEachKeyWentToItsOwnServer() {
        assertThat(charts.received())
                .extracting(LoopbackTls.Received::authorization)
                .containsOnly(basic("$oauthtoken:" + Bootstrap.KEY));
        assertThat(registry.received())
                .allSatisfy(request -> assertThat(request.authorization())
                        .isEqualTo(request.path().startsWith("/token") ? basic("robot:secret") : null));
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        charts.close();
        registry.close();
    }
}
