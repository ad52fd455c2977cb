package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import nimload.nim.EmbeddingRequest;
import nimload.nim.NimKind;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.preflight.NimClient;
import nimload.preflight.Target;
import nimload.preflight.Trust;

/** Makes the watches of a run's servers. They share one thread, and per NIM what is known of its pages of metrics. */
final class ServerWatches {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Enough to draw a curve; more from a long level would only make the results larger. */
    private static final int MAX_READINGS = 600;

    private final Function<NimKind, NimClient> clients;
    private final NimClient stranger;
    private final Map<NimKind, URI> named;
    private final Duration interval;
    private final Map<Server, MetricsPages> pages = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "server-metrics");
        thread.setDaemon(true);
        return thread;
    });

    private record Server(NimKind kind, URI url) {}

    /**
     * @param clients for the NIMs themselves
     * @param stranger without the API key and headers, for pages of other addresses
     * @param named pages of metrics that the user names
     * @param duration of each level
     */
    ServerWatches(
            Function<NimKind, NimClient> clients, NimClient stranger, Map<NimKind, URI> named, Duration duration) {
        this.clients = clients;
        this.stranger = stranger;
        this.named = Map.copyOf(named);
        this.interval = interval(duration);
    }

    static ServerWatches of(Settings settings, Duration duration) {
        Map<NimKind, URI> named = new EnumMap<>(NimKind.class);
        settings.nims().forEach((kind, nim) -> nim.metricsUrl().ifPresent(url -> named.put(kind, url)));
        return new ServerWatches(
                kind -> Nims.client(settings, kind),
                new NimClient(Trust.context(settings.tls()), Headers.NONE),
                named,
                duration);
    }

    static Duration interval(Duration duration) {
        Duration spread = duration.dividedBy(MAX_READINGS);
        return spread.compareTo(SHORTEST) > 0 ? spread : SHORTEST;
    }

    /** For one level, once. */
    LevelWatch of(NimKind kind, Target target) {
        return target.replicas().size() == 1
                ? watch(kind, target)
                : new ReplicaWatches(target.replicas().stream()
                        .map(replica -> watch(kind, target.only(replica)))
                        .toList());
    }

    /** For a soak, which reads them itself. */
    MetricsPages pagesOf(NimKind kind, Target target) {
        return pages.computeIfAbsent(new Server(kind, target.url()), unseen -> pages(kind, target));
    }

    private ServerWatch watch(NimKind kind, Target target) {
        return new ServerWatch(pagesOf(kind, target), EmbeddingRequest.baseModel(target.model()), interval, thread);
    }

    private MetricsPages pages(NimKind kind, Target target) {
        NimClient client = clients.apply(kind);
        return new MetricsPages(
                kind,
                EmbeddingRequest.baseModel(target.model()),
                MetricsPages.PATIENCE,
                MetricsPage.own(client, target.url()),
                Optional.ofNullable(named.get(kind))
                        .map(url -> MetricsPage.at(sameOrigin(url, target.url()) ? client : stranger, url)),
                MetricsPages.tritons(target).map(url -> MetricsPage.at(stranger, url)));
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getRawAuthority().equals(other.getRawAuthority());
    }
}
