package nimload.preflight;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A loopback server with a set answer per path, and 404 for any other: whatever a NIM or another server may do. */
public final class MisbehavingNim implements AutoCloseable {
    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    /** Ready, serving one model, and answering nothing else. */
    public MisbehavingNim() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.getRequestBody().readAllBytes();
            Answer answer = answers.getOrDefault(
                    exchange.getRequestURI().getPath(), new Answer(404, "{\"detail\":\"Not Found\"}"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        answer("/v1/health/ready", 200, "{\"message\":\"Service is ready.\"}");
        answer("/v1/models", 200, "{\"data\":[{\"id\":\"m\"}]}");
        server.start();
    }

    public MisbehavingNim answer(String path, int status, String body) {
        answers.put(path, new Answer(status, body.replace('\'', '"')));
        return this;
    }

    /** The Authorization header of each request, or the text {@code null} without one. */
    List<String> authorizations() {
        return authorizations;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
