package nimload.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.deploy.mock.LoopbackProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of kubeconfig/proxies.csv, and the real kubectl with two real proxies as their witness. */
class EnvironmentProxyTest {

    private static LoopbackProxy p;
    private static LoopbackProxy q;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        p = new LoopbackProxy(0);
        q = new LoopbackProxy(0);
    }

    @AfterAll
    static void stop() throws Exception {
        p.close();
        q.close();
    }

    private static Map<String, String> environment(String words) {
        return Arrays.stream(words.split(" "))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(
                        word -> word[0],
                        word -> word[1].replaceAll("\\bP\\b(?!=)", p.address())
                                .replaceAll("\\bQ\\b(?!=)", q.address())));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/kubeconfig/proxies.csv", delimiter = '|')
    void proxyIsTheOneThatGoTakes(String words, String server, String expected) {
        String taken = new EnvironmentProxy(environment(words)::get)
                .of(URI.create(server))
                .map(proxy -> proxy.getHost() + ":" + proxy.getPort())
                .orElse("direct");

        assertThat(taken.replace(p.address(), "P").replace(q.address(), "Q")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/kubeconfig/proxies.csv", delimiter = '|')
    void kubectlItselfTakesTheSame(String words, String server, String expected) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")), "no kubectl here");
        Path kubeconfig = Files.writeString(
                folder.resolve("config"),
                "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: c, cluster: {server: '" + server
                        + "'}}]\nusers: [{name: c, user: {token: t}}]\ncontexts: [{name: c, context: {cluster: c, user: c}}]\n");
        p.requests().clear();
        q.requests().clear();
        ProcessBuilder kubectl = new ProcessBuilder(
                        "kubectl", "--kubeconfig", kubeconfig.toString(), "--request-timeout=1s", "get", "--raw", "/x")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        kubectl.environment().keySet().removeIf(name -> name.toLowerCase().contains("proxy"));
        kubectl.environment().putAll(environment(words));

        kubectl.start().waitFor();

        assertThat(!p.requests().isEmpty() ? "P" : !q.requests().isEmpty() ? "Q" : "direct")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"u:p%40@, ' Basic dTpwQA=='", "u@, ' Basic dTo='", "'', ''"})
    void downloadsSendTheProxyItsUserAndPassword(String user, String header) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .proxy(new EnvironmentProxy(Map.of("HTTP_PROXY", user + p.address())::get))
                .build();
        URI target = URI.create("http://charts.invalid/x");
        HttpRequest.Builder request = HttpRequest.newBuilder(target);
        p.requests().clear();

        EnvironmentProxy.authorize(client, request, target);
        client.send(request.build(), BodyHandlers.discarding());

        assertThat(p.requests()).containsExactly("GET http://charts.invalid/x HTTP/1.1" + header);
    }

    @ParameterizedTest
    @CsvSource({
        "socks5://u:SECRET@proxy:1080, a proxy with scheme socks5:// is not supported",
        "https://u:SECRET@proxy:443, a proxy with scheme https:// is not supported",
        "http://u:SECRET^@proxy:1, is not a proxy's address",
        "http://, is not a proxy's address"
    })
    void whatCannotBeUsedIsRefusedByNameWithoutItsPassword(String proxy, String words) {
        assertThatThrownBy(() -> new EnvironmentProxy(Map.of("HTTPS_PROXY", proxy)::get).of(URI.create("https://x")))
                .isInstanceOf(DeployException.class)
                .hasMessageStartingWith("HTTPS_PROXY: ")
                .hasMessageContaining(words)
                .hasMessageNotContaining("SECRET")
                .hasNoCause();
    }
}
