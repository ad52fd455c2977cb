package nimload.preflight;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import nimload.UserError;
import nimload.plan.Headers;

/** Sends single requests outside the load, one at a time, each with a timeout. Gatling sends the load. */
public final class NimClient {
    /** A hundred times a NIM's answer to a small request. */
    static final long MAX_BYTES = 4 << 20;

    /**
     * @param status of the answer
     * @param location where a redirect leads
     * @param retryAfter how long the server asks the client to wait
     */
    public record Answer(int status, byte[] body, Optional<String> location, Optional<Duration> retryAfter)
            implements Reply {
        @Override
        public String what() {
            return "HTTP " + status;
        }
    }

    /** Turns a host's name into addresses, as {@link InetAddress#getAllByName} does. */
    interface NameService {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    private final HttpClient http;
    private final Headers headers;
    private final NameService names;

    /** @param headers of every request; the secrets in them are hidden in every answer */
    public NimClient(SSLContext tls, Headers headers) {
        this(tls, headers, InetAddress::getAllByName);
    }

    NimClient(SSLContext tls, Headers headers, NameService names) {
        this.names = names;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls)
                .build();
        this.headers = headers;
    }

    /** @throws UserError if there is no complete answer */
    public Answer get(URI base, String route, Duration timeout) {
        return answer(tryGet(base, route, timeout));
    }

    /** @throws UserError if there is no complete answer */
    public Answer post(URI base, String route, byte[] json, Duration timeout) {
        return answer(tryPost(base, route, json, timeout, MAX_BYTES));
    }

    private static Answer answer(Reply reply) {
        if (reply instanceof NoAnswer none) {
            throw none.error();
        }
        return (Answer) reply;
    }

    Reply tryGet(URI base, String route, Duration timeout) {
        return send(base, request(base, route, timeout).GET().build(), MAX_BYTES);
    }

    /** @param maxBytes of the answer */
    Reply tryPost(URI base, String route, byte[] json, Duration timeout, long maxBytes) {
        HttpRequest request = request(base, route, timeout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json))
                .build();
        return send(base, request, maxBytes);
    }

    private HttpRequest.Builder request(URI base, String route, Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + route)).timeout(timeout);
        headers.values().forEach(request::header);
        return request;
    }

    private Reply send(URI base, HttpRequest request, long maxBytes) {
        try {
            return send(request, maxBytes);
        } catch (IOException e) {
            return new NoAnswer(base, request.uri(), request.timeout().orElseThrow(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while asking " + base, e);
        }
    }

    /** The HTTP client's timeout covers only the headers; a body that never comes must not hang the run. */
    private Answer send(HttpRequest request, long maxBytes) throws IOException, InterruptedException {
        lookUp(request.uri(), request.timeout().orElseThrow());
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, head -> new LimitedBody(maxBytes));
        try {
            HttpResponse<byte[]> response =
                    answer.get(request.timeout().orElseThrow().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    response.statusCode(),
                    headers.hiddenIn(response.body()),
                    response.headers().firstValue("Location").map(headers::hiddenIn),
                    response.headers().firstValue("Retry-After").flatMap(NimClient::seconds));
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

    /** Apart from the request, which would otherwise be blamed for a name service that does not answer. The JDK remembers what it found. */
    private void lookUp(URI address, Duration limit) throws IOException, InterruptedException {
        CompletableFuture<Void> found = CompletableFuture.runAsync(() -> {
            try {
                names.lookup(address.getHost());
            } catch (UnknownHostException e) {
                throw new CompletionException(e);
            }
        });
        try {
            found.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NoAnswer.NameServiceSilent();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Empty for a date, the header's other form, which would need this machine's time of day to be right. */
    private static Optional<Duration> seconds(String retryAfter) {
        return retryAfter.matches("\\d{1,6}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)))
                : Optional.empty();
    }

    /** The text without the secrets in the headers, in case a server echoed one. */
    public String withoutSecrets(String text) {
        return headers.hiddenIn(text);
    }
}
