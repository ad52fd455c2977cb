package nimload.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.mock.ScriptedTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Real plugins (shell scripts) and a real server that accepts one credential at a time. */
class CredentialsTest {

    private static final String ISSUE = """
            #!/bin/sh
            cd "$(dirname "$0")"
            issue() { echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$1\\"}}"; }
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ScriptedTime time = new ScriptedTime(() -> {});
    private final List<String> received = new CopyOnWriteArrayList<>();
    private volatile Predicate<HttpExchange> accepted = exchange -> true;
    private HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    static Stream<JsonNode> rows() {
        try (var in = CredentialsTest.class.getResourceAsStream("/kubeconfig/exec.yaml")) {
            return Serialization.unmarshal(in, JsonNode.class).valueStream().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode row, String name) {
        return row.path(name).asString(null);
    }

    private void plugin(String script) {
        Path file = write("plugin", ISSUE + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A context with this user, in YAML. */
    private Path kubeconfig(String address, String user) {
        return write("config", """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: %s, certificate-authority-data: %s, extensions: [
                  {name: other, extension: {}}, {name: client.authentication.k8s.io/exec, extension: {audience: x}}]}}]
                users: [{name: u, user: %s}]
                contexts: [{name: c, context: {cluster: k, user: u}}]
                """.formatted(address, address.contains("127.0.0.1") ? "true" : "null", "Q0E=", user));
    }

    private static String exec(Object more) {
        return "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: IfAvailable"
                + more + "}}";
    }

    private Config configure() {
        return Cluster.configure(
                Optional.of(folder.resolve("config")),
                Optional.empty(),
                new Edges(
                        folder,
                        name -> null,
                        System.out,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        time,
                        null,
                        null,
                        code -> {}));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void pluginRunsAsUnderKubectl(JsonNode row) throws Exception {
        Map<String, Object> exec = new java.util.LinkedHashMap<>(Map.of(
                "apiVersion", "client.authentication.k8s.io/v1", "command", "./plugin", "interactiveMode", "Never"));
        row.path("exec").propertyStream().forEach(entry -> exec.put(entry.getKey(), entry.getValue()));
        Map<String, Object> user = new java.util.LinkedHashMap<>(Map.of("exec", exec));
        row.path("user").propertyStream().forEach(entry -> user.put(entry.getKey(), entry.getValue()));
        kubeconfig("https://api:6443", Serialization.asJson(user));
        plugin(row.path("script").asString("exit 99"));

        if (row.has("error")) {
            assertThatThrownBy(() -> configure())
                    .isInstanceOf(DeployException.class)
                    .hasMessageStartingWith("credential plugin ")
                    .hasMessageContaining(text(row, "error"))
                    .satisfies(e -> {
                        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                            assertThat(String.valueOf(cause.getMessage()))
                                    .hasLineCount(1)
                                    .doesNotContain("SECRET");
                        }
                    });
            return;
        }
        String token = configure().getOauthTokenProvider().getToken();
        if (row.has("seen")) {
            String seen = Files.readString(folder.resolve("seen"));
            assertThat(seen)
                    .startsWith(text(row, "seen").startsWith("\"") ? "{" : text(row, "seen"))
                    .contains(text(row, "seen"));
            assertThat(seen.contains("\"server\"")).isEqualTo(text(row, "seen").contains("\"server\""));
        } else {
            assertThat(token).isEqualTo(text(row, "token"));
        }
        assertThat(folder.resolve("owned")).doesNotExist();
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo(row.path("stderr").asString(""));
    }

    private String serve(HttpServer created) {
        server = created;
        server.createContext("/", exchange -> {
            received.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = "{\"major\":\"1\",\"minor\":\"32\",\"gitVersion\":\"v1.32.0\",\"items\":[]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(accepted.test(exchange) ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort();
    }

    private String serve() throws IOException {
        return serve(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private static Predicate<HttpExchange> onlyWith(String authorization) {
        return exchange -> authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    @Test
    void tokenOfAPluginIsRenewedOnceItHasExpired() throws Exception {
        String expires = time.now().plusSeconds(60).toString();
        plugin("echo . >> runs; issue \"t$(wc -l < runs)\\\",\\\"expirationTimestamp\\\":\\\"" + expires + "\"");
        kubeconfig(serve(), exec(""));
        Config config = configure();
        try (KubernetesClient client = Cluster.connect(config)) {
            client.namespaces().list();
            time.sleep(Duration.ofSeconds(61));
            client.namespaces().list();

            assertThat(received).startsWith("Bearer t1", "Bearer t1").last().isNotEqualTo("Bearer t1");
            assertThat(config.getOauthTokenProvider().getToken()).as("Helm's").isNotEqualTo("t1");
        }
    }

    @Test
    void pluginRunsAgainAfterA401AndTheRequestIsRepeated() throws Exception {
        plugin("echo . >> runs; issue t$(wc -l < runs)");
        kubeconfig(serve(), exec(""));
        try (KubernetesClient client = Cluster.connect(configure())) {
            accepted = onlyWith("Bearer t2");

            assertThat(client.namespaces().list().getItems()).isEmpty();
            assertThat(received).containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
        }
    }

    @Test
    void whoeverLogsInAgainMeanwhileGoesOn() throws Exception {
        String address = serve();
        kubeconfig(address, "{token: old}");
        try (KubernetesClient client = Cluster.connect(configure())) {
            accepted = onlyWith("Bearer new");
            assertThatThrownBy(() -> client.namespaces().list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(401));
            received.clear();
            kubeconfig("http://127.0.0.1:1", "{token: of-another-cluster}");
            assertThatThrownBy(() -> client.namespaces().list()).isInstanceOf(KubernetesClientException.class);
            assertThat(received).as("not repeated").containsExactly("Bearer old");

            kubeconfig(address, "{token: new}");

            assertThat(client.namespaces().list().getItems()).isEmpty();
        }
    }

    @Test
    void tokenFileIsReadForEachRequest() throws Exception {
        write("token", "one\n");
        kubeconfig(serve(), "{tokenFile: token, token: fallback}");
        try (KubernetesClient client = Cluster.connect(configure())) {
            write("token", "two");
            client.namespaces().list();
            Files.delete(folder.resolve("token"));
            client.namespaces().list();

            assertThat(received).containsExactly("Bearer one", "Bearer two", "Bearer fallback");
        }
    }

    @Test
    void basicCredentialsAndImpersonationAreSent() throws Exception {
        List<String> as = new ArrayList<>();
        kubeconfig(serve(), "{username: me, password: 'p:w', as: boss, as-groups: [a, b]}");
        accepted = exchange -> as.addAll(exchange.getRequestHeaders().getOrDefault("Impersonate-user", List.of()))
                && as.addAll(exchange.getRequestHeaders().getOrDefault("Impersonate-group", List.of()));

        Cluster.connect(configure()).close();

        assertThat(received).containsExactly("Basic " + Base64.getEncoder().encodeToString("me:p:w".getBytes()));
        assertThat(as).containsExactly("boss", "a", "b");
    }

    @Test
    void clientCertificateOfAPluginIsRenewedWithNewConnections() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        Path store = folder.resolve("keys.p12");
        for (String name : List.of("one", "two")) {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            name,
                            "-keyalg",
                            "RSA",
                            "-dname",
                            "CN=" + name,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            "for-tests")
                    .start()
                    .waitFor();
        }
        try (var in = Files.newInputStream(store)) {
            keys.load(in, "for-tests".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "for-tests".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        List<String> seen = new CopyOnWriteArrayList<>();
        accepted = exchange -> {
            try {
                seen.add(((HttpsExchange) exchange)
                        .getSSLSession()
                        .getPeerPrincipal()
                        .getName());
            } catch (IOException e) {
                seen.add("none");
            }
            return seen.size() == 1 || seen.get(seen.size() - 1).equals("CN=two");
        };
        for (String name : List.of("one", "two")) {
            write(
                    name + ".json",
                    "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"clientCertificateData\":\""
                            + pem("CERTIFICATE", keys.getCertificate(name).getEncoded()) + "\",\"clientKeyData\":\""
                            + pem(
                                    "PRIVATE KEY",
                                    keys.getKey(name, "for-tests".toCharArray()).getEncoded())
                            + "\"}}");
        }
        plugin("[ -e runs ] && cat two.json || cat one.json; touch runs");
        kubeconfig(serve(https), exec(""));
        Config config = configure();
        try (KubernetesClient client = Cluster.connect(config)) {
            assertThat(client.namespaces().list().getItems()).isEmpty();

            assertThat(seen).containsExactly("CN=one", "CN=one", "CN=two");
            assertThat(new String(Base64.getDecoder().decode(config.getClientCertData())))
                    .as("Helm's")
                    .isEqualTo(pem("CERTIFICATE", keys.getCertificate("two").getEncoded())
                            .replace("\\n", "\n"));
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(content)
                        .replace("\n", "\\n") + "\\n-----END " + kind + "-----\\n";
    }
}
