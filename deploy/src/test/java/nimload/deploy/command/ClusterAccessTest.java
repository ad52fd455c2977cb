package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import nimload.deploy.cluster.Cluster;
import nimload.deploy.helm.HelmReleases;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.ChildJvm;
import nimload.deploy.mock.LoopbackProxy;
import nimload.deploy.mock.LoopbackTls;
import nimload.deploy.mock.MockCluster;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.SettingsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that end in the wait, and clusters that only a proxy reaches. */
class ClusterAccessTest {

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    private Bootstrap bootstrap;

    @BeforeEach
    void start() throws IOException {
        bootstrap = new Bootstrap(folder);
    }

    @AfterEach
    void stop() {
        bootstrap.close();
    }

    private void token(String token) {
        try {
            Path kubeconfig = Path.of(bootstrap.environment.get("KUBECONFIG"));
            Files.writeString(kubeconfig, Files.readString(kubeconfig).replaceAll("token: [^}]*", "token: " + token));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void reject(String token) {
        bootstrap.cluster.intercept(request -> ("Bearer " + token).equals(request.getHeader("Authorization"))
                ? MockCluster.failure(401, "Unauthorized", "Unauthorized")
                : null);
    }

    @Test
    void tokenThatIsRevokedInTheWaitEndsUpWithWhatToDo() {
        token("SECRET-TOKEN");
        bootstrap.whileSleeping = () -> reject("SECRET-TOKEN");

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualToIgnoringNewLines("nimload-deploy up: the cluster does not accept the credentials any more:"
                        + " log in again, then run the command again; it continues from here");
        assertThat(result.out()).doesNotContain("SECRET-TOKEN");
    }

    @Test
    void whoeverLogsInAgainInTheWaitNeedsNoSecondUp() {
        token("first");
        bootstrap.whileSleeping = () -> {
            reject("first");
            token("second");
            bootstrap.kubelet.step();
        };

        Bootstrap.Result result = bootstrap.run("up", "--only", "embedding");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    /** A cluster of which only the proxy knows the address. */
    private LoopbackTls hidden(List<String> agents) throws IOException {
        return new LoopbackTls(exchange -> {
            agents.add(exchange.getRequestHeaders().getFirst("User-agent"));
            String path = exchange.getRequestURI().getPath();
            String body = path.equals("/version")
                    ? "{\"major\":\"1\",\"minor\":\"32\",\"gitVersion\":\"v1.32.0\"}"
                    : "{\"kind\":\"" + (path.endsWith("secrets") ? "Secret" : "")
                            + "List\",\"apiVersion\":\"v1\",\"items\":[],\"metadata\":{}}";
            return LoopbackTls.Answer.of(200, body.getBytes(StandardCharsets.UTF_8), "Content-Type: application/json");
        });
    }

    private Path kubeconfig(String more) throws IOException {
        return Files.writeString(folder.resolve("hidden"), """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: k, cluster: {server: 'https://kube.invalid:6443', insecure-skip-tls-verify: true%s}}]
                users: [{name: u, user: {token: SECRET-TOKEN}}]
                contexts: [{name: c, context: {cluster: k, user: u}}]
                """.formatted(more));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy-url", "HTTPS_PROXY", "https_proxy"})
    void proxyOfTheKubeconfigOrTheEnvironmentIsUsedAndItsPasswordShownNowhere(String where) throws Exception {
        try (LoopbackTls server = hidden(new CopyOnWriteArrayList<>());
                LoopbackProxy proxy = new LoopbackProxy(server.port());
                LoopbackProxy other = new LoopbackProxy(0)) {
            String address = "http://u:SECRET-%25@" + proxy.address();
            boolean inFile = where.equals("proxy-url");
            Map<String, String> environment = new HashMap<>(bootstrap.environment);
            environment.put(
                    "KUBECONFIG",
                    kubeconfig(inFile ? ", proxy-url: '" + address + "'" : "").toString());
            environment.put(inFile ? "HTTPS_PROXY" : where, inFile ? other.address() : address);
            try (ChildJvm child = ChildJvm.start(folder, scratch, environment, entry -> true, "status", "--debug")) {
                assertThat(child.exitCode(60)).as(child.err()).isZero();
                assertThat(child.out()).contains("not installed; up installs it");
                assertThat(child.out() + child.err()).doesNotContain("SECRET", "dTpTRUNSRVQtJQ==");
            }
            assertThat(proxy.requests())
                    .isNotEmpty()
                    .containsOnly("CONNECT kube.invalid:6443 HTTP/1.1 Basic dTpTRUNSRVQtJQ==");
            assertThat(other.requests()).isEmpty();
            try (Stream<Path> files = Files.walk(scratch)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain("SECRET");
                }
            }
        }
    }

    @Test
    void helmTakesTheSameProxyAndToken() throws Exception {
        List<String> agents = new CopyOnWriteArrayList<>();
        try (LoopbackTls server = hidden(agents);
                LoopbackProxy proxy = new LoopbackProxy(server.port())) {
            Config config = Cluster.configure(
                    Optional.of(kubeconfig("")),
                    Optional.empty(),
                    Bootstrap.edges(folder, Map.of("HTTPS_PROXY", "u:pw@" + proxy.address())::get));

            new HelmReleases(config, "1.32.0", folder, code -> {}, text -> {})
                    .uninstall(SettingsFile.read(folder.resolve("nims.yaml")).of(Nim.EMBEDDING));

            assertThat(proxy.requests()).containsOnly("CONNECT kube.invalid:6443 HTTP/1.1 Basic dTpwdw==");
            assertThat(agents).isNotEmpty().allMatch(agent -> agent.contains("kubernetes/$Format"));
            assertThat(server.received())
                    .extracting(LoopbackTls.Received::authorization)
                    .containsOnly("Bearer SECRET-TOKEN");
        }
    }

    @Test
    void unreachableClusterIsDescribedInPlainWords() throws Exception {
        Path kubeconfig = kubeconfig("");

        assertThat(bootstrap
                        .run("doctor", "--kubeconfig", kubeconfig.toString())
                        .out())
                .contains("FAIL cluster: cluster https://kube.invalid:6443/: no such host; check --context");
        try (LoopbackProxy broken = new LoopbackProxy(0)) {
            bootstrap.environment.put("HTTPS_PROXY", "u:SECRET@" + broken.address());
            assertThat(bootstrap
                            .run("status", "--kubeconfig", kubeconfig.toString())
                            .err())
                    .contains("kube.invalid:6443/: the proxy answered 502 (through proxy " + broken.address() + ")")
                    .doesNotContain("SECRET");
        }
    }
}
