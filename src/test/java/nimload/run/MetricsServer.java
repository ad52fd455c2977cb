package nimload.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A server on loopback whose page of metrics is another each time, or none, or never comes to its end. */
final class MetricsServer implements AutoCloseable {
    /** @param endless whether the body goes on after its text for as long as the client reads */
    record Answer(int status, String body, boolean hangs, boolean endless) {
        static Answer page(String... lines) {
            return new Answer(200, String.join("\n", lines) + "\n", false, false);
        }

        static Answer status(int status) {
            return new Answer(status, "{}", false, false);
        }

        static Answer hang() {
            return new Answer(200, "", true, false);
        }

        static Answer endless(String line) {
            return new Answer(200, line, false, true);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore closed = new Semaphore(0);

    /** @param answers by the number of the request, from 0 */
    MetricsServer(IntFunction<Answer> answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Answer answer = answers.apply(requests.getAndIncrement());
                arrived.release();
                send(exchange, answer);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException, InterruptedException {
        if (answer.hangs()) {
            closed.acquire();
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), answer.endless() ? 0 : body.length);
        do {
            exchange.getResponseBody().write(body);
        } while (answer.endless());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int requests() {
        return requests.get();
    }

    /** Waits for this many more requests. */
    void awaitRequests(int more) throws InterruptedException {
        if (!arrived.tryAcquire(more, 20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + requests + " requests came");
        }
    }

    @Override
    public void close() {
        closed.release(1000);
        server.stop(0);
        threads.shutdownNow();
    }
}
