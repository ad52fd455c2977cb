package nimload.deploy.chart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nimload.deploy.DeployException;
import nimload.deploy.EnvironmentProxy;
import nimload.deploy.KeyCheck;
import nimload.deploy.NgcKey;
import nimload.deploy.Unreachable;

/**
 * Downloads a chart's .tgz with the NGC key as preemptive HTTP Basic: NGC answers an anonymous request without a challenge that a client could
 * respond to. The key goes only to the requested origin (scheme, host, port); a redirect to another origin is followed without it.
 */
public final class ChartDownload {

    /** NGC redirects once, to storage; more than a few is a loop. */
    private static final int MAX_REDIRECTS = 5;

    private final HttpClient http;
    private final Optional<NgcKey> key;
    private final Duration limit;

    /**
     * @param http a client that does not follow redirects itself
     * @param limit for each response, body included
     */
    public ChartDownload(HttpClient http, Optional<NgcKey> key, Duration limit) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the client must not follow redirects: it would send the key along");
        }
        this.http = http;
        this.key = key;
        this.limit = limit;
    }

    /** Downloads {@code address} to {@code target}, which afterwards is complete or absent, whatever happens. */
    public void fetch(URI address, Path target) {
        // Another command may be downloading the same chart.
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(target.getParent());
            URI at = address;
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                HttpResponse<Path> response = get(at, sameOrigin(address, at), BodyHandlers.ofFile(part));
                if (response.statusCode() == 200) {
                    ChartArchive.check(part, address);
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    return;
                }
                if (response.statusCode() / 100 != 3) {
                    throw refused(address, at, response.statusCode());
                }
                URI from = at;
                at = response.headers()
                        .firstValue("location")
                        .map(from::resolve)
                        .orElseThrow(
                                () -> new DeployException(
                                        "chart " + address + ": " + from.getHost()
                                                + " sent a redirect without an address; try again, or download the chart by hand and set chart to its path"));
            }
            throw new DeployException("chart " + address + ": more than " + MAX_REDIRECTS
                    + " redirects; is a login page in the way? Download the chart by hand and set chart to its path");
        } catch (IOException e) {
            throw new DeployException(
                    "chart " + address + ": the download was interrupted (" + Unreachable.reason(e)
                            + "); check connection and proxy (doctor does), then run the command again",
                    e);
        } finally {
            deleteQuietly(part);
        }
    }

    /**
     * Asks the server of a chart that is already here whether it accepts the key; empty without a key.
     *
     * @throws DeployException if it does not
     */
    Optional<KeyCheck> checkKey(URI address) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> unknown;
        try {
            int status = get(address, true, BodyHandlers.discarding()).statusCode();
            if (status == 401 || status == 403) {
                throw refused(address, address, status);
            }
            unknown = status < 400 ? Optional.empty() : Optional.of(address.getHost() + " answered " + status);
        } catch (IOException e) {
            unknown = Optional.of(address.getHost() + " does not answer (" + Unreachable.reason(e) + ")");
        }
        return Optional.of(new KeyCheck(address.getHost(), unknown));
    }

    private <T> HttpResponse<T> get(URI at, boolean withKey, BodyHandler<T> body) throws IOException {
        requireSafe(at);
        HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(limit);
        EnvironmentProxy.authorize(http, request, at);
        if (withKey) {
            key.ifPresent(k -> request.header("Authorization", "Basic " + k.basicCredentials()));
        }
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request.build(), body);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no complete response within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Basic credentials are readable in transit: https only, and http only to this machine. */
    private static void requireSafe(URI at) throws IOException {
        if (at.getUserInfo() != null) {
            throw new DeployException("chart address at " + at.getHost()
                    + ": contains credentials; remove them, the key comes from the environment variable "
                    + NgcKey.VARIABLE);
        }
        boolean safe = "https".equals(at.getScheme())
                || "http".equals(at.getScheme())
                        && InetAddress.getByName(at.getHost()).isLoopbackAddress();
        if (!safe) {
            throw new DeployException("chart " + at.getScheme() + "://" + at.getHost()
                    + "/…: not https; give an https address, or download the chart by hand and set chart to its path");
        }
    }

    private DeployException refused(URI requested, URI at, int status) {
        String where = "chart " + requested + ": " + at.getHost() + " answered " + status;
        return new DeployException(
                switch (status) {
                    case 401 ->
                        where
                                + (key.isPresent()
                                        ? ": it does not accept the key in NGC_API_KEY; create a new one at https://org.ngc.nvidia.com/setup/api-keys"
                                        : ": it requires a key, and NGC_API_KEY is not set; export NGC_API_KEY=<your key> and run the command again");
                    case 403 ->
                        where
                                + ": the key has no access; check that it includes the service \"NGC Catalog\" and that the chart's"
                                + " terms are accepted at https://catalog.ngc.nvidia.com";
                    case 404 ->
                        where + ": no such chart or version; correct chart and chartVersion in the settings file";
                    default -> where + "; try again later, or download the chart by hand and set chart to its path";
                });
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equals(b.getScheme()) && a.getHost().equals(b.getHost()) && a.getPort() == b.getPort();
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            part.toFile().deleteOnExit();
        }
    }
}
