package nimload.simulation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import nimload.emulator.EmbeddedNim;

/**
 * A NIM that is well while it is asked by the preflight and sick as soon as load comes: it passes everything on to an
 * embedded NIM and spoils the answers to Gatling.
 */
final class FaultyNim implements AutoCloseable {
    enum Fault {
        NONE,
        STATUS_500,
        STATUS_503,
        GARBAGE,
        TRUNCATED_JSON,
        NAN,
        TOO_FEW_VECTORS,
        CONNECTION_CLOSED,
        HANG,
        /** Answers with what the request before this one should have got. */
        MIXED_UP
    }

    private final EmbeddedNim nim = EmbeddedNim.start(0);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<byte[]> previous = new AtomicReference<>();
    private final HttpServer server;
    private final Fault fault;

    FaultyNim(Fault fault) throws IOException {
        this.fault = fault;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readAllBytes();
            HttpResponse<byte[]> answer = passOn(exchange, request);
            String agent = exchange.getRequestHeaders().getFirst("User-Agent");
            boolean preflight = agent != null && agent.startsWith("Java-http-client");
            int status = answer.statusCode();
            byte[] body = answer.body();
            if (!preflight && request.length > 0) {
                switch (fault) {
                    case NONE -> {}
                    case STATUS_500 -> {
                        status = 500;
                        body = bytes("{\"object\":\"error\",\"message\":\"CUDA error: out of memory\"}");
                    }
                    case STATUS_503 -> {
                        status = 503;
                        body = bytes("queue full");
                    }
                    case GARBAGE -> body = bytes("<html>hello</html>");
                    case TRUNCATED_JSON -> body = Arrays.copyOf(body, body.length / 2);
                    case NAN -> body = bytes(text(body).replaceFirst("\\[-?[0-9.E-]+,", "[NaN,"));
                    case TOO_FEW_VECTORS -> body = bytes("{\"object\":\"list\",\"data\":[]}");
                    case CONNECTION_CLOSED -> {
                        return;
                    }
                    case HANG -> {
                        closed.await();
                        return;
                    }
                    case MIXED_UP -> {
                        byte[] mine = body;
                        byte[] other = previous.getAndSet(mine);
                        body = other == null ? mine : other;
                    }
                }
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> passOn(HttpExchange exchange, byte[] request)
            throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                URI.create(nim.url() + exchange.getRequestURI().toString()));
        if (request.length > 0) {
            builder.POST(HttpRequest.BodyPublishers.ofByteArray(request));
        }
        return client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
        nim.close();
    }
}
