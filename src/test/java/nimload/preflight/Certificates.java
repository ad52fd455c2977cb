package nimload.preflight;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority, a certificate that it signed, and TLS servers that show it. The JDK's keytool makes them, in a process that
 * takes a second or more, so an authority signs several.
 */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String AUTHORITY = "ca";

    private final KeyStore store;
    private final Path pem;
    private final String alias;

    private Certificates(KeyStore store, Path pem, String alias) {
        this.store = store;
        this.pem = pem;
        this.alias = alias;
    }

    /** @param options of keytool by certificate: names in it, when it begins to be valid, for how many days */
    static Map<String, Certificates> make(Path directory, Map<String, List<String>> options) throws Exception {
        Path file = directory.resolve("store.p12");
        keytool(file, AUTHORITY, "nimload test", List.of("-ext", "bc:c"));
        for (Map.Entry<String, List<String>> certificate : options.entrySet()) {
            List<String> arguments = new ArrayList<>(certificate.getValue());
            arguments.addAll(List.of("-signer", AUTHORITY));
            keytool(file, certificate.getKey(), "nim", arguments);
        }
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
        Path pem = Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate(AUTHORITY).getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        Map<String, Certificates> made = new HashMap<>();
        options.keySet().forEach(alias -> made.put(alias, new Certificates(store, pem, alias)));
        return made;
    }

    private static void keytool(Path store, String alias, String name, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + name));
        command.addAll(options);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(output);
        }
    }

    /** The authority's certificate as a PEM file, as a user gives it with nim.tls.ca. */
    Path pem() {
        return pem;
    }

    /** Of a server with this certificate and no other. */
    SSLContext context() throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setEntry(alias, store.getEntry(alias, protection()), protection());
        KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(own, PASSWORD);
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(own);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(mine.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }

    private static KeyStore.PasswordProtection protection() {
        return new KeyStore.PasswordProtection(PASSWORD);
    }

    /** A server that answers everything with 200 and shows the certificate. */
    HttpsServer server(boolean wantsClientCertificate) throws Exception {
        SSLContext context = context();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = context.getDefaultSSLParameters();
                tls.setNeedClientAuth(wantsClientCertificate);
                parameters.setSSLParameters(tls);
            }
        });
        // The JDK's server would read and handshake on one thread for all connections.
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
