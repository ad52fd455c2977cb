package nimload.run;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import nimload.UserError;
import nimload.nim.Routes;
import nimload.nim.ServerText;
import nimload.preflight.NimClient;
import nimload.servermetrics.PrometheusText;
import nimload.servermetrics.PrometheusText.Page;

/** One page of a server's metrics, which many servers do not have. Safe for many threads. */
final class MetricsPage {
    /** The page could not be read; the message is a sentence. */
    static final class Unread extends Exception {
        private static final long serialVersionUID = 1;

        Unread(String message) {
            super(message);
        }
    }

    private final NimClient client;
    private final URI base;
    /** Empty if the base is the whole URL. */
    private final String route;

    private final String name;
    private volatile boolean missing;

    private MetricsPage(NimClient client, URI base, String route, String name) {
        this.client = client;
        this.base = base;
        this.route = route;
        this.name = name;
    }

    /** The NIM's own, {@code /v1/metrics}. */
    static MetricsPage own(NimClient client, URI nim) {
        return new MetricsPage(client, nim, Routes.METRICS, "The server's " + Routes.METRICS);
    }

    /** @param url of the page, whole */
    static MetricsPage at(NimClient client, URI url) {
        return new MetricsPage(client, url, "", url.toString());
    }

    /** As a sentence begins with it. */
    String name() {
        return name;
    }

    /** Whether the server answered that it has none; it is not asked again. */
    boolean missing() {
        return missing;
    }

    Page read(Duration patience) throws Unread {
        NimClient.Answer answer;
        try {
            answer = client.get(base, route, patience);
        } catch (UserError e) {
            throw unread(client.withoutSecrets(e.getMessage()).replaceAll(";.*", ""));
        }
        missing = answer.status() == 404 || answer.status() == 405;
        if (missing && !route.isEmpty()) {
            throw new Unread("The server has no " + route + " (HTTP " + answer.status()
                    + "): its GPU and its queue are unknown.");
        }
        if (answer.status() != 200) {
            throw unread("HTTP " + answer.status());
        }
        return PrometheusText.parse(new String(answer.body(), StandardCharsets.UTF_8));
    }

    private Unread unread(String why) {
        return new Unread(name + " was not read (" + ServerText.oneLine(why) + ").");
    }
}
