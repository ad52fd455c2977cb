package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import nimload.nim.EmbeddingRequest;
import nimload.preflight.NimClient;
import nimload.preflight.Target;

/** Makes the watches of a run's servers. They share one thread, and per server what is known of its metrics page. */
final class ServerWatches {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Enough to draw a curve; more from a long level would only make the results larger. */
    private static final int MAX_READINGS = 600;

    private final NimClient client;
    private final Duration interval;
    private final Map<URI, MetricsPage> pages = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "server-metrics");
        thread.setDaemon(true);
        return thread;
    });

    /** @param duration of each level */
    ServerWatches(NimClient client, Duration duration) {
        this.client = client;
        this.interval = interval(duration);
    }

    static Duration interval(Duration duration) {
        Duration spread = duration.dividedBy(MAX_READINGS);
        return spread.compareTo(SHORTEST) > 0 ? spread : SHORTEST;
    }

    /** For one level, once. */
    LevelWatch of(Target target) {
        MetricsPage page = pages.computeIfAbsent(target.url(), url -> new MetricsPage(client, url));
        return new ServerWatch(page, EmbeddingRequest.baseModel(target.model()), interval, thread);
    }
}
