package nimload.run;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import nimload.UserError;
import nimload.nim.Routes;
import nimload.preflight.NimClient;
import nimload.servermetrics.PrometheusText;
import nimload.servermetrics.PrometheusText.Page;

/** A server's {@code /v1/metrics}, which many servers do not have. Safe for many threads. */
final class MetricsPage {
    /** The page could not be read; the message is a sentence. */
    static final class Unread extends Exception {
        private static final long serialVersionUID = 1;

        Unread(String message) {
            super(message);
        }
    }

    /** Less than the second that a watch may take. */
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private final NimClient client;
    private final URI url;
    private volatile boolean missing;

    MetricsPage(NimClient client, URI url) {
        this.client = client;
        this.url = url;
    }

    /** Whether the server answered that it has none; it is not asked again. */
    boolean missing() {
        return missing;
    }

    Page read() throws Unread {
        NimClient.Answer answer;
        try {
            answer = client.get(url, Routes.METRICS, PATIENCE);
        } catch (UserError e) {
            throw new Unread("The server's " + Routes.METRICS + " was not read ("
                    + client.withoutKey(e.getMessage()).replaceAll(";.*", "") + ").");
        }
        if (answer.status() == 404 || answer.status() == 405) {
            missing = true;
            throw new Unread("The server has no " + Routes.METRICS + " (HTTP " + answer.status()
                    + "): its GPU and its queue are unknown.");
        }
        if (answer.status() != 200) {
            throw new Unread("The server's " + Routes.METRICS + " was not read (HTTP " + answer.status() + ").");
        }
        return PrometheusText.parse(new String(answer.body(), StandardCharsets.UTF_8));
    }
}
