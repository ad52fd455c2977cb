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
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.emulator.EmbeddedNim;
import nimload.nim.Routes;

/**
 * An embedded NIM behind a server that adds a made-up GPU to its page of metrics: each request it answered took {@link
 * #JOULES_PER_REQUEST}, and its power is the energy since the last page over that time. For tests of what is read, not of any
 * GPU.
 */
final class NimWithGpu implements AutoCloseable {
    static final double JOULES_PER_REQUEST = 0.75;

    private static final Pattern SUCCESSES = Pattern.compile("nv_inference_request_success\\{[^}]*} (\\S+)");

    private final EmbeddedNim nim = EmbeddedNim.start(0);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private double lastJoules;
    private long lastNanos = System.nanoTime();

    NimWithGpu() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
            HttpRequest.Builder on = HttpRequest.newBuilder(
                    URI.create(nim.url() + exchange.getRequestURI().toString()));
            if (request.length > 0) {
                on.POST(HttpRequest.BodyPublishers.ofByteArray(request));
            }
            HttpResponse<byte[]> answer = client.send(on.build(), HttpResponse.BodyHandlers.ofByteArray());
            byte[] body = answer.body();
            if (exchange.getRequestURI().getPath().equals(Routes.METRICS)) {
                body = withGpu(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            }
            exchange.sendResponseHeaders(answer.statusCode(), body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String withGpu(String page) {
        double joules = JOULES_PER_REQUEST * sum(SUCCESSES, page);
        long now = System.nanoTime();
        double watts = (joules - lastJoules) / ((now - lastNanos) / 1e9);
        lastJoules = joules;
        lastNanos = now;
        return page + String.format(Locale.ROOT, """
                        # TYPE nv_gpu_power_usage gauge
                        nv_gpu_power_usage{gpu_uuid="GPU-test"} %.3f
                        # TYPE nv_energy_consumption counter
                        nv_energy_consumption{gpu_uuid="GPU-test"} %.3f
                        # TYPE nv_gpu_memory_used_bytes gauge
                        nv_gpu_memory_used_bytes{gpu_uuid="GPU-test"} 3221225472
                        # TYPE nv_gpu_memory_total_bytes gauge
                        nv_gpu_memory_total_bytes{gpu_uuid="GPU-test"} 150754820096
                        """, watts, 10_000 + joules);
    }

    private static double sum(Pattern pattern, String page) {
        Matcher values = pattern.matcher(page);
        double sum = 0;
        while (values.find()) {
            sum += Double.parseDouble(values.group(1));
        }
        return sum;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        nim.close();
    }
}
