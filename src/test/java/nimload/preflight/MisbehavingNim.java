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
import java.util.function.Function;

/** A loopback server with a set answer per path, and 404 for any other: whatever a NIM or another server may do. */
public final class MisbehavingNim implements AutoCloseable {
    /** @param headers by name */
    public record Answer(int status, String body, Map<String, String> headers) {
        public Answer(int status, String body) {
            this(status, body, Map.of());
        }
    }

    /** @param number of requests to this path so far, this one too */
    public record Request(int number, String body) {}

    private final HttpServer server;
    private final Map<String, Function<Request, Answer>> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    /** Ready, serving one model, and answering nothing else. */
    public MisbehavingNim() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            int number = requests.merge(path, 1, Integer::sum);
            Answer answer = answers.getOrDefault(path, any -> new Answer(404, "{'detail':'Not Found'}"))
                    .apply(new Request(number, request));
            if (answer.status() > 0) {
                byte[] body = answer.body().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        answer("/v1/health/ready", 200, "{'message':'Service is ready.'}");
        answer("/v1/models", 200, "{'data':[{'id':'m'}]}");
        server.start();
    }

    /** @param status 0 closes the connection without an answer */
    public MisbehavingNim answer(String path, int status, String body) {
        return answer(path, request -> new Answer(status, body));
    }

    public MisbehavingNim answer(String path, Function<Request, Answer> answer) {
        answers.put(path, answer);
        return this;
    }

    public int requests(String path) {
        return requests.getOrDefault(path, 0);
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
