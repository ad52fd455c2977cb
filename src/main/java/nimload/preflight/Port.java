package nimload.preflight;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

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

    /** Whether the server asks for one while the connection is made, be it needed or only welcome. */
    boolean asksForAClientCertificate() {
        AskedForCertificate asked = new AskedForCertificate();
        try {
            certificate(asked);
        } catch (IOException e) {
            return asked.asked;
        }
        return asked.asked;
    }

    private X509Certificate certificate() throws IOException {
        return certificate(new AskedForCertificate());
    }

    private X509Certificate certificate(AskedForCertificate own) throws IOException {
        try (Socket plain = connect();
                SSLSocket tls =
                        (SSLSocket) Trust.ofAnyone(own).getSocketFactory().createSocket(plain, host, number, true)) {
            tls.startHandshake();
            return (X509Certificate) tls.getSession().getPeerCertificates()[0];
        }
    }

    /** Has no certificate, and notes whether one was wanted. */
    private static final class AskedForCertificate extends X509ExtendedKeyManager {
        private volatile boolean asked;

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            asked = true;
            return null;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[0];
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(host, number), (int) PATIENCE.toMillis());
        return socket;
    }
}
