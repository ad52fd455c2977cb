package nimload.preflight;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import nimload.UserError;
import nimload.plan.ApiKey;

/** Sends single requests outside the load, one at a time, each with a timeout. Gatling sends the load. */
public final class NimClient {
    /** A hundred times a NIM's answer to one of these requests. */
    private static final long MAX_BYTES = 4 << 20;

    /** @param status of the answer */
    public record Answer(int status, byte[] body) {}

    private final HttpClient http;
    private final Optional<ApiKey> apiKey;

    public NimClient(SSLContext tls, Optional<ApiKey> apiKey) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls)
                .build();
        this.apiKey = apiKey;
    }

    public Answer get(URI base, String route, Duration timeout) {
        return send(base, request(base, route, timeout).GET().build());
    }

    public Answer post(URI base, String route, byte[] json, Duration timeout) {
        return send(
                base,
                request(base, route, timeout)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json))
                        .build());
    }

    private HttpRequest.Builder request(URI base, String route, Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + route)).timeout(timeout);
        apiKey.ifPresent(key -> request.header("Authorization", key.bearer()));
        return request;
    }

    private Answer send(URI base, HttpRequest request) {
        try {
            return send(request);
        } catch (HttpConnectTimeoutException | ConnectException e) {
            throw new UserError(
                    base + " cannot be reached (" + reason(e) + "); check host and port, and that the NIM runs: curl "
                            + base + "/v1/health/ready",
                    e);
        } catch (HttpTimeoutException e) {
            throw new UserError(
                    request.uri() + " did not answer within "
                            + seconds(request.timeout().orElseThrow())
                            + " s; check that the NIM is not busy or stuck",
                    e);
        } catch (SSLException e) {
            throw new UserError(
                    base + " is not trusted or does not speak TLS (" + reason(e)
                            + "); give its CA with -Dnim.tls.ca=ca.pem, or -Dnim.tls.insecure=true to trust any server",
                    e);
        } catch (IOException e) {
            throw new UserError(
                    request.uri() + " broke the connection (" + reason(e)
                            + "); check that it is a NIM and speaks HTTP/1.1",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while asking " + base, e);
        }
    }

    /** The HTTP client's timeout covers only the headers; a body that never comes must not hang the run. */
    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, head -> new LimitedBody(MAX_BYTES));
        try {
            HttpResponse<byte[]> response =
                    answer.get(request.timeout().orElseThrow().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), withoutKey(response.body()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no complete answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    /** Hides the API key before anything quotes the body or a part of it. */
    private byte[] withoutKey(byte[] body) {
        // Latin-1 maps bytes to characters and back, so everything else in the body stays as it is.
        return apiKey.map(key -> key.hiddenIn(new String(body, StandardCharsets.ISO_8859_1))
                        .getBytes(StandardCharsets.ISO_8859_1))
                .orElse(body);
    }

    /** The text without the API key, in case a server echoed it. */
    public String withoutKey(String text) {
        return apiKey.map(key -> key.hiddenIn(text)).orElse(text);
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
