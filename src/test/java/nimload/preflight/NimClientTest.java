package nimload.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import nimload.UserError;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.Truncate;
import nimload.plan.ApiKey;
import nimload.plan.Headers;
import nimload.plan.Settings;
import org.junit.jupiter.api.Test;

/** Single requests to misbehaving servers. */
class NimClientTest {
    private static NimClient client(Headers headers) {
        return new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), headers);
    }

    @Test
    void aNameServiceThatDoesNotAnswerIsNamedAndTheNimIsNotBlamed() {
        CountDownLatch never = new CountDownLatch(1);
        NimClient client =
                new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE, host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return new InetAddress[0];
                });
        URI url = URI.create("http://embedder.embedding-nim.svc:8000");
        try {
            assertThatThrownBy(() -> client.get(url, "/v1/models", Duration.ofMillis(200)))
                    .isInstanceOf(UserError.class)
                    .hasMessageStartingWith(url
                            + " cannot be reached: the name embedder.embedding-nim.svc was not resolved within 0.2 s,"
                            + " so the NIM was not asked; ");
        } finally {
            never.countDown();
        }
    }

    @Test
    void aBodyThatNeverComesEndsWithinTheTimeout() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread headersOnly = new Thread(() -> {
                try {
                    Socket connection = server.accept();
                    connection.getInputStream().read(new byte[1000]);
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
                                    .getBytes(StandardCharsets.US_ASCII));
                    connection.getOutputStream().flush();
                    // Wait until the client has gone, because the garbage collector closes an unreferenced socket.
                    connection.getInputStream().read();
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            headersOnly.setDaemon(true);
            headersOnly.start();
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
            assertThatThrownBy(() -> client(Headers.NONE).get(url, "/v1/models", Duration.ofSeconds(1)))
                    .isInstanceOf(UserError.class)
                    .hasMessageStartingWith(url + "/v1/models did not answer within 1 s; ");
        }
    }

    @Test
    void anEndlessAnswerIsCancelledAfter4MiB() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicLong written = new AtomicLong();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1 << 16];
            // Ends when the client has gone, or at the size that fails the test.
            while (written.addAndGet(chunk.length) < 1L << 30) {
                exchange.getResponseBody().write(chunk);
            }
        });
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            assertThatThrownBy(() -> client(Headers.NONE).get(url, "/v1/metrics", Duration.ofSeconds(20)))
                    .isInstanceOf(UserError.class)
                    .hasMessageStartingWith(
                            url + "/v1/metrics broke the connection (an answer of more than 4194304 bytes); ");
            assertThat(written.get()).isLessThan(1L << 27);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aKeyThatNoHeaderCanHoldIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> new ApiKey("hun\nter2"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("NIM_API_KEY contains a line break")
                .hasMessageNotContaining("ter2");
    }

    @Test
    void aKeyThatAServerEchoesIsHidden() throws Exception {
        try (MisbehavingNim nim = new MisbehavingNim()) {
            nim.answer("/v1/models", 401, "{'error':'invalid key hunter2'}");
            Preflight preflight = new Preflight(client(Headers.of(new ApiKey("hunter2"))));
            assertThatThrownBy(() -> preflight.find(
                            EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END), nim.url(), Optional.empty(), "m"))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("invalid key ***");
        }
    }
}
