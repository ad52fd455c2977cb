package nimload.preflight;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** An authority and a certificate that it signed, made by the JDK's keytool, and TLS servers that show it. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;

    private Certificates(Path directory, Path store) {
        this.directory = directory;
        this.store = store;
    }

    /** @param options of keytool: names in the certificate, when it begins to be valid, for how many days */
    static Certificates make(Path directory, String... options) throws Exception {
        Path store = directory.resolve("store.p12");
        keytool(store, pair("ca", "nimload test", "-ext", "bc:c"));
        keytool(
                store,
                List.of(
                        "-exportcert",
                        "-rfc",
                        "-alias",
                        "ca",
                        "-file",
                        pem(directory).toString()));
        List<String> arguments = pair("nim", "nim", options);
        arguments.addAll(List.of("-signer", "ca"));
        keytool(store, arguments);
        // The server is to show the other one.
        keytool(store, List.of("-delete", "-alias", "ca"));
        return new Certificates(directory, store);
    }

    private static List<String> pair(String alias, String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC"));
        arguments.addAll(List.of("-dname", "CN=" + name));
        arguments.addAll(List.of(options));
        return arguments;
    }

    private static Path pem(Path directory) {
        return directory.resolve("ca.pem");
    }

    private static void keytool(Path store, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(output);
        }
    }

    /** The authority's certificate as a PEM file, as a user gives it with nim.tls.ca. */
    Path pem() {
        return pem(directory);
    }

    SSLContext context() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(mine.getKeyManagers(), others.getTrustManagers(), null);
        return context;
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
