package nimload.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import nimload.deploy.mock.LoopbackProxy;
import nimload.deploy.mock.LoopbackTls;
import org.junit.jupiter.api.Test;

/** Real failures of Java's HTTP client: half of them have no message. */
class UnreachableTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static String reason(HttpClient client, String address, Duration timeout) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address)).timeout(timeout).build();
        Throwable failure = catchThrowable(() -> client.send(request, BodyHandlers.discarding()));
        return Unreachable.reason(new IllegalStateException(failure));
    }

    private static String reason(HttpClient client, String address) {
        return reason(client, address, Duration.ofSeconds(30));
    }

    private static ServerSocket socket() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void closedPortUnknownHostAndNoAnswer() throws Exception {
        String address;
        try (ServerSocket server = socket()) {
            address = "http://127.0.0.1:" + server.getLocalPort();
            assertThat(reason(CLIENT, address, Duration.ofMillis(50))).isEqualTo("no answer in time");
        }
        assertThat(reason(CLIENT, address)).isEqualTo("connection refused");
        assertThat(reason(CLIENT, "https://kube.invalid")).isEqualTo("no such host");
    }

    /** Sends this to whoever connects, and closes the connection. */
    private static String serving(ServerSocket server, String answer) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    try (Socket client = server.accept()) {
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                // the test has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Test
    void connectionThatIsClosedOrDoesNotSpeakTls() throws Exception {
        try (ServerSocket closing = socket();
                ServerSocket plain = socket()) {
            assertThat(reason(CLIENT, "http://" + serving(closing, "")))
                    .isEqualTo("the connection was closed without an answer");
            assertThat(reason(CLIENT, "https://" + serving(plain, "HTTP/1.1 400 Bad Request\r\n\r\n")))
                    .isEqualTo("it does not speak TLS; is the address http instead of https?");
        }
    }

    @Test
    void certificatesAndProxies() throws Exception {
        try (LoopbackTls tls = new LoopbackTls(exchange -> LoopbackTls.Answer.of(200, new byte[0]));
                LoopbackProxy toTls = new LoopbackProxy(tls.port());
                LoopbackProxy broken = new LoopbackProxy(0)) {
            assertThat(reason(CLIENT, "https://127.0.0.1:" + tls.port()))
                    .isEqualTo("its certificate is signed by an unknown authority");
            assertThat(reason(through(toTls), "https://kube.invalid"))
                    .isEqualTo("its certificate is for another host name");
            assertThat(reason(through(broken), "https://kube.invalid")).isEqualTo("the proxy answered 502");
        }
    }

    private static HttpClient through(LoopbackProxy proxy) {
        return LoopbackTls.client(new EnvironmentProxy(Map.of("HTTPS_PROXY", proxy.address())::get));
    }
}
