package nimload.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import nimload.deploy.mock.Bootstrap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The rows of kubeconfig/merge.yaml, and the real kubectl as their witness. */
class KubeconfigTest {

    private static final JsonNode TABLE = table();

    @TempDir
    Path folder;

    record Row(String shows, String variable, String option, String context, String kubectl, String is, String error) {
        @Override
        public String toString() {
            return shows;
        }
    }

    private static JsonNode table() {
        try (var in = KubeconfigTest.class.getResourceAsStream("/kubeconfig/merge.yaml")) {
            return Serialization.unmarshal(in, JsonNode.class);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Stream<Row> rows() {
        return TABLE.path("rows")
                .valueStream()
                .map(row -> new Row(
                        row.path("shows").asString(),
                        row.path("KUBECONFIG").asString(null),
                        row.path("option").asString(null),
                        row.path("context").asString(null),
                        row.path("kubectl").asString("agrees"),
                        row.path("is").asString(null),
                        row.path("error").asString(null)));
    }

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("sub/tls"));
        Map.of("sub/tls/ca.crt", "CA", "client.crt", "CLIENT", "client.key", "KEY", "sub/token", "FROM-FILE\n")
                .forEach(this::write);
        TABLE.path("files")
                .propertyStream()
                .forEach(file -> write(
                        file.getKey(),
                        file.getValue().isString()
                                ? file.getValue().asString()
                                : "apiVersion: v1\nkind: Config\n"
                                        + Serialization.asYaml(file.getValue()).replaceFirst("^---\n", "")));
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String variable(Row row) {
        return row.variable == null ? null : row.variable.replaceAll("[^:]+", folder + "/$0");
    }

    private Optional<Path> option(Row row) {
        return Optional.ofNullable(row.option).map(folder::resolve);
    }

    private Config configure(Row row) {
        return Cluster.configure(
                option(row),
                Optional.ofNullable(row.context),
                Bootstrap.edges(folder, name -> name.equals("KUBECONFIG") ? variable(row) : null));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void contextClusterAndUserAreThoseOfKubectl(Row row) throws IOException {
        if (row.error != null) {
            assertThatThrownBy(() -> configure(row))
                    .isInstanceOf(DeployException.class)
                    .hasMessageContaining(row.error)
                    .hasMessageNotContaining("SECRET")
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
            return;
        }
        Config config = configure(row);
        String token = config.getOauthTokenProvider().getToken();
        assertThat(summary(
                        config.getCurrentContext().getName(),
                        config.getMasterUrl().replaceFirst("/$", ""),
                        token,
                        config.getUsername(),
                        content(config.getClientCertData(), config.getClientCertFile()),
                        content(config.getCaCertData(), config.getCaCertFile())))
                .isEqualTo(row.is);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void kubectlItselfSaysTheSame(Row row) throws Exception {
        assumeTrue(onPath("kubectl"), "no kubectl here");
        assumeTrue(row.kubectl.equals("agrees"), "not asked");
        List<String> command =
                new ArrayList<>(List.of("kubectl", "config", "view", "--minify", "--flatten", "--raw", "-o", "json"));
        option(row).ifPresent(file -> command.addAll(List.of("--kubeconfig", file.toString())));
        if (row.context != null) {
            command.addAll(List.of("--context", row.context));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("KUBECONFIG", row.variable == null ? "/dev/null" : variable(row));
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (row.error != null) {
            assertThat(process.waitFor()).as(answer).isNotZero();
            return;
        }
        JsonNode json = Serialization.unmarshal(answer, JsonNode.class);
        JsonNode cluster = json.path("clusters").path(0).path("cluster");
        JsonNode user = json.path("users").path(0).path("user");
        assertThat(summary(
                        json.path("current-context").asString(),
                        cluster.path("server").asString(),
                        user.path("token").asString(null),
                        user.path("username").asString(null),
                        content(user.path("client-certificate-data").asString(null), null),
                        content(cluster.path("certificate-authority-data").asString(null), null)))
                .isEqualTo(row.is);
    }

    private static String summary(
            String context, String server, String token, String user, String certificate, String authority) {
        return context + " " + server + " "
                + (token != null
                        ? "token=" + token
                        : user != null ? "user=" + user : certificate != null ? "cert=" + certificate : "anonymous")
                + (authority == null ? "" : " ca=" + authority);
    }

    private static String content(String data, String file) throws IOException {
        return data != null
                ? new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)
                : file == null ? null : Files.readString(Path.of(file));
    }

    private static boolean onPath(String name) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    @Test
    void serviceAccountOfThePodIsTakenOnlyWithoutAnyKubeconfig() throws IOException {
        Files.writeString(folder.resolve("token"), "of-the-pod");
        Files.writeString(folder.resolve("ca.crt"), "CA");
        Map<String, String> pod = Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443");
        for (String none : List.of("/dev/null", folder.resolve("none").toString(), folder.resolve("empty") + ":")) {
            Config config = Cluster.configure(
                    Optional.empty(),
                    Optional.empty(),
                    Bootstrap.edges(folder, name -> name.equals("KUBECONFIG") ? none : pod.get(name)),
                    folder);

            assertThat(config.getMasterUrl()).isEqualTo("https://[fd00::1]:443/");
            assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("of-the-pod");
            assertThat(config.getCaCertFile())
                    .isEqualTo(folder.resolve("ca.crt").toString());
        }
        for (String some : List.of("contextOnly", "parts", "missingCurrent")) {
            assertThatThrownBy(() -> Cluster.configure(
                            Optional.empty(),
                            Optional.empty(),
                            Bootstrap.edges(
                                    folder,
                                    name -> name.equals("KUBECONFIG")
                                            ? folder.resolve(some).toString()
                                            : pod.get(name)),
                            folder))
                    .isInstanceOf(DeployException.class);
        }
    }
}
