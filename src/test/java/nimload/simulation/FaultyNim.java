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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import nimload.emulator.EmbeddedNim;

/**
 * A NIM that answers the preflight well and fails under load: it passes everything on to an embedded NIM and spoils the
 * answers to Gatling.
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

    private record Answer(int status, byte[] body) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readAllBytes();
            HttpResponse<byte[]> response = passOn(exchange, request);
            Answer healthy = new Answer(response.statusCode(), response.body());
            String agent = exchange.getRequestHeaders().getFirst("User-Agent");
            boolean preflight = agent != null && agent.startsWith("Java-http-client");
            Optional<Answer> answer = preflight || request.length == 0 ? Optional.of(healthy) : spoilt(healthy);
            if (answer.isPresent()) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer.get().status(), answer.get().body().length);
                exchange.getResponseBody().write(answer.get().body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty if the connection is to be closed without an answer. */
    private Optional<Answer> spoilt(Answer healthy) throws InterruptedException {
        byte[] body = healthy.body();
        return switch (fault) {
            case NONE -> Optional.of(healthy);
            case STATUS_500 -> answer(500, "{\"object\":\"error\",\"message\":\"CUDA error: out of memory\"}");
            case STATUS_503 -> answer(503, "queue full");
            case GARBAGE -> answer(200, "<html>hello</html>");
            case TRUNCATED_JSON -> Optional.of(new Answer(200, Arrays.copyOf(body, body.length / 2)));
            case NAN -> answer(200, text(body).replaceFirst("\\[-?[0-9.E-]+,", "[NaN,"));
            case TOO_FEW_VECTORS -> answer(200, "{\"object\":\"list\",\"data\":[]}");
            case CONNECTION_CLOSED -> Optional.empty();
            case HANG -> {
                closed.await();
                yield Optional.empty();
            }
            case MIXED_UP -> {
                byte[] other = previous.getAndSet(body);
                yield Optional.of(other == null ? healthy : new Answer(200, other));
            }
        };
    }

    private static Optional<Answer> answer(int status, String body) {
        return Optional.of(new Answer(status, body.getBytes(StandardCharsets.UTF_8)));
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
