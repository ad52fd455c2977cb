package nimload.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import nimload.UserError;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.Truncate;
import nimload.plan.ApiKey;
import nimload.plan.Headers;
import nimload.plan.Settings;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real TLS servers on loopback: what a user got wrong has its name. */
class SchemeTest {
    private static final String OR_TRUST = ", or trust any server with -Dnim.tls.insecure=true";

    @TempDir
    private static Path directory;

    private static Certificates right;
    private static Certificates elsewhere;
    private static Certificates old;

    @BeforeAll
    static void make() throws Exception {
        Map<String, Certificates> made = Certificates.make(
                directory,
                Map.of(
                        "right", List.of("-ext", "san=ip:127.0.0.1"),
                        "elsewhere", List.of("-ext", "san=dns:nim.example,ip:10.0.0.5"),
                        "old",
                                List.of(
                                        "-ext",
                                        "san=ip:127.0.0.1",
                                        "-startdate",
                                        "2020/01/01 00:00:00",
                                        "-validity",
                                        "10")));
        right = made.get("right");
        elsewhere = made.get("elsewhere");
        old = made.get("old");
    }

    private static void await(URI url, Optional<Path> ca) {
        NimClient client =
                new NimClient(Trust.context(new Settings.Tls(ca, false)), Headers.of(new ApiKey("nvapi-hunter2")));
        // A mistake ends the run at once.
        new Readiness(client, Patience.REAL, Duration.ofSeconds(2), new NoWaiting(), line -> {})
                .await(EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END), url);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(URI url, Optional<Path> ca) {
        return assertThatThrownBy(() -> await(url, ca)).isInstanceOf(UserError.class);
    }

    private static URI https(HttpsServer server) {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void aCertificateThatTheGivenFileHoldsIsTrusted() throws Exception {
        HttpsServer server = right.server(false);
        try {
            await(https(server), Optional.of(right.pem()));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anUnknownAuthorityIsNamed() throws Exception {
        HttpsServer server = right.server(false);
        try {
            refused(https(server), Optional.empty())
                    .hasMessage(
                            https(server) + " has a certificate that is not trusted here, signed by CN=nimload test;"
                                    + " give that authority's with -Dnim.tls.ca=ca.pem" + OR_TRUST);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aCertificateForAnotherNameIsShown() throws Exception {
        HttpsServer server = elsewhere.server(false);
        try {
            refused(https(server), Optional.of(elsewhere.pem()))
                    .hasMessage(https(server) + " has a certificate for nim.example, 10.0.0.5, not for 127.0.0.1; give"
                            + " its address by a name in the certificate" + OR_TRUST);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anExpiredCertificateIsNamed() throws Exception {
        HttpsServer server = old.server(false);
        try {
            refused(https(server), Optional.of(old.pem()))
                    .hasMessageStartingWith(https(server) + " has a certificate that is not valid now (NotAfter: ")
                    .hasMessageEndingWith("); renew it, set this machine's clock" + OR_TRUST);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerThatWantsAClientCertificateIsNamed() throws Exception {
        HttpsServer server = right.server(true);
        try {
            refused(https(server), Optional.of(right.pem()))
                    .hasMessageStartingWith(https(server) + " wants a client certificate (")
                    .hasMessageEndingWith(
                            "), and nimload sends none; give an address behind what asks for it, e.g. of a"
                                    + " port-forward");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void httpToATlsPortIsNamed() throws Exception {
        HttpsServer server = right.server(false);
        try {
            String port = "127.0.0.1:" + server.getAddress().getPort();
            refused(URI.create("http://" + port + "/nim"), Optional.empty())
                    .hasMessage("http://" + port + "/nim speaks TLS; write https://" + port + "/nim instead");
        } finally {
            server.stop(0);
        }
    }

    /** As nginx and Go's servers do: plain HTTP on a TLS port gets a plain 400. */
    @Test
    void aTlsPortThatAnswersHttpWith400IsNamed() throws Exception {
        SSLSocketFactory tls = right.context().getSocketFactory();
        try (ServerSocket port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> {
                while (true) {
                    try (Socket connection = port.accept()) {
                        byte[] first =
                                new byte[] {(byte) connection.getInputStream().read()};
                        if (first[0] == 'G') {
                            connection.getInputStream().read(new byte[1000]);
                            connection
                                    .getOutputStream()
                                    .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                        } else {
                            ((SSLSocket) tls.createSocket(connection, new ByteArrayInputStream(first), true))
                                    .startHandshake();
                        }
                    } catch (SocketException closed) {
                        return;
                    } catch (IOException goneAgain) {
                        // The client has seen enough.
                    }
                }
            });
            serving.setDaemon(true);
            serving.start();
            String address = "127.0.0.1:" + port.getLocalPort();
            refused(URI.create("http://" + address), Optional.empty())
                    .hasMessage("http://" + address + " speaks TLS; write https://" + address + " instead");
        }
    }

    @Test
    void httpsToAPlainPortIsNamedWithoutSendingTheKeyInTheClear() throws IOException {
        try (MisbehavingNim nim = new MisbehavingNim()) {
            String port = "127.0.0.1:" + nim.url().getPort();
            refused(URI.create("https://" + port), Optional.empty())
                    .hasMessage("https://" + port + " speaks plain HTTP; write http://" + port + " instead");
            assertThat(nim.authorizations()).containsOnly("null");
        }
    }

    @Test
    void whatSpeaksNeitherIsNotGuessedAt() throws Exception {
        try (ServerSocket ssh = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread greeting = new Thread(() -> {
                while (true) {
                    try (Socket connection = ssh.accept()) {
                        connection.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
                        connection.getInputStream().read(new byte[1000]);
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            greeting.setDaemon(true);
            greeting.start();
            URI url = URI.create("https://127.0.0.1:" + ssh.getLocalPort());
            refused(url, Optional.empty())
                    .hasMessageStartingWith(url + " is not trusted or does not speak TLS (")
                    .hasMessageEndingWith("); give its CA with -Dnim.tls.ca=ca.pem, or -Dnim.tls.insecure=true to trust"
                            + " any server");
        }
    }
}
