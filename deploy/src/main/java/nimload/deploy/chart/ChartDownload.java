package nimload.deploy.chart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nimload.deploy.DeployException;
import nimload.deploy.NgcKey;

/**
 * Fetches a chart's .tgz with the NGC key as preemptive HTTP Basic: NGC answers an anonymous request with no challenge that a client could act on.
 * The key goes to the origin (scheme, host, port) that was asked and is left behind at every redirect to another one.
 */
public final class ChartDownload {

    /** NGC redirects once, to storage; more than a few is a loop. */
    private static final int MOST_REDIRECTS = 5;

    private final HttpClient http;
    private final Optional<NgcKey> key;
    private final Duration limit;

    /**
     * @param http a client that follows no redirect by itself
     * @param limit for each answer, body included
     */
    public ChartDownload(HttpClient http, Optional<NgcKey> key, Duration limit) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the client must not follow redirects: it would carry the key along");
        }
        this.http = http;
        this.key = key;
        this.limit = limit;
    }

    /** Brings {@code address} to {@code target}, which is complete or absent afterwards, whatever happens. */
    public void fetch(URI address, Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.createDirectories(target.getParent());
            URI at = address;
            for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
                HttpResponse<Path> response = get(at, sameOrigin(address, at), part);
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
                                                + " answered a redirect to nowhere; try again, or download it by hand and give its path as chart"));
            }
            throw new DeployException("chart " + address + ": more than " + MOST_REDIRECTS
                    + " redirects; is there a login page in between? Download it by hand and give its path as chart");
        } catch (IOException e) {
            throw new DeployException(
                    "chart " + address + ": the download broke off (" + reason(e)
                            + "); check the connection and the proxy (doctor does), then run the command again",
                    e);
        } finally {
            deleteQuietly(part);
        }
    }

    private HttpResponse<Path> get(URI at, boolean withKey, Path part) throws IOException {
        requireSafe(at);
        HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(limit);
        if (withKey) {
            key.ifPresent(k -> request.header("Authorization", "Basic " + k.basicCredentials()));
        }
        CompletableFuture<HttpResponse<Path>> answer = http.sendAsync(request.build(), BodyHandlers.ofFile(part));
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no complete answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Basic credentials are readable by anyone on the way: https only, and http only to this machine. */
    private static void requireSafe(URI at) throws IOException {
        if (at.getUserInfo() != null) {
            throw new DeployException("chart address at " + at.getHost()
                    + ": it holds credentials; take them out, the key comes from the environment variable "
                    + NgcKey.VARIABLE);
        }
        boolean safe = "https".equals(at.getScheme())
                || "http".equals(at.getScheme())
                        && InetAddress.getByName(at.getHost()).isLoopbackAddress();
        if (!safe) {
            throw new DeployException(
                    "chart " + at.getScheme() + "://" + at.getHost()
                            + "/…: only https is used; give an https address, or download the chart by hand and give its path as chart");
        }
    }

    private DeployException refused(URI asked, URI at, int status) {
        String where = "chart " + asked + ": " + at.getHost() + " answered " + status;
        return new DeployException(
                switch (status) {
                    case 401 ->
                        where
                                + (key.isPresent()
                                        ? ", so it does not know the key in NGC_API_KEY; make a new one at https://org.ngc.nvidia.com/setup/api-keys"
                                        : ", and NGC_API_KEY is not set; export NGC_API_KEY=<your key> and run the command again");
                    case 403 ->
                        where
                                + ", so the key has no access to it; the key needs the service \"NGC Catalog\", and the chart's terms"
                                + " must have been accepted at https://catalog.ngc.nvidia.com";
                    case 404 ->
                        where + "; no such chart or version: correct chart and chartVersion in the settings file";
                    default -> where + "; try again later, or download it by hand and give its path as chart";
                });
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equals(b.getScheme()) && a.getHost().equals(b.getHost()) && a.getPort() == b.getPort();
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            part.toFile().deleteOnExit();
        }
    }
}
