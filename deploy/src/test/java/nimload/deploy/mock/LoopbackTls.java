package nimload.deploy.mock;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An https server on a loopback port, with its own certificate for localhost and 127.0.0.1, and a client that trusts it. */
public final class LoopbackTls implements AutoCloseable {

    public record Answer(int status, byte[] body, List<String> headers) {
        public static Answer of(int status, byte[] body, String... headers) {
            return new Answer(status, body, List.of(headers));
        }
    }

    public record Received(String host, String path, String authorization) {}

    /** One certificate for all tests in the JVM: creating it takes a second. */
    private static SSLContext context;

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    public LoopbackTls(Function<HttpExchange, Answer> answers) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        server.createContext("/", exchange -> {
            received.add(new Received(
                    exchange.getRequestHeaders().getFirst("Host"),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization")));
            Answer answer = answers.apply(exchange);
            for (String header : answer.headers()) {
                String[] parts = header.split(": ", 2);
                exchange.getResponseHeaders().add(parts[0], parts[1]);
            }
            boolean truncated = exchange.getResponseHeaders().containsKey("X-Truncated");
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody()
                    .write(answer.body(), 0, truncated ? answer.body().length / 2 : answer.body().length);
            exchange.close(); // with half of the announced length this closes the connection
        });
        server.setExecutor(threads);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public List<Received> received() {
        return received;
    }

    public static HttpClient client() {
        return client(HttpClient.Builder.NO_PROXY);
    }

    public static HttpClient client(ProxySelector proxy) {
        return HttpClient.newBuilder()
                .sslContext(context())
                .proxy(proxy)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    private static synchronized SSLContext context() {
        if (context == null) {
            try {
                context = makeContext();
            } catch (IOException | GeneralSecurityException | InterruptedException e) {
                throw new IllegalStateException("no certificate for the tests", e);
            }
        }
        return context;
    }

    private static SSLContext makeContext() throws IOException, GeneralSecurityException, InterruptedException {
        Path store = Files.createTempDirectory("loopback-tls").resolve("store.p12");
        String password = "for-tests";
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "loopback",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        Files.delete(store);
        Files.delete(store.getParent());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
