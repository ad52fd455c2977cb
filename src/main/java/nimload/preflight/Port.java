package nimload.preflight;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import nimload.plan.Settings;

/** What a server's port speaks: asked where a request failed, on a fresh connection and without the API key. */
final class Port {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String host;
    private final int number;

    Port(URI base) {
        this.host = base.getHost();
        this.number = base.getPort() >= 0 ? base.getPort() : base.getScheme().equals("https") ? 443 : 80;
    }

    boolean speaksHttp() {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(2000), StandardCharsets.ISO_8859_1);
            // A TLS port may answer plain HTTP with a plain 400 that says what to speak.
            return answer.startsWith("HTTP/") && !answer.contains("HTTPS");
        } catch (IOException e) {
            return false;
        }
    }

    boolean speaksTls() {
        try {
            certificate();
            return true;
        } catch (SSLException e) {
            return String.valueOf(e.getMessage()).contains("fatal alert");
        } catch (IOException e) {
            return false;
        }
    }

    /** The server's, whoever signed it; empty if it speaks no TLS, or not with this client. */
    Optional<X509Certificate> shownCertificate() {
        try {
            return Optional.of(certificate());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private X509Certificate certificate() throws IOException {
        Settings.Tls anyone = new Settings.Tls(Optional.empty(), true);
        try (Socket plain = connect();
                SSLSocket tls =
                        (SSLSocket) Trust.context(anyone).getSocketFactory().createSocket(plain, host, number, true)) {
            tls.startHandshake();
            return (X509Certificate) tls.getSession().getPeerCertificates()[0];
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(host, number), (int) PATIENCE.toMillis());
        return socket;
    }
}
