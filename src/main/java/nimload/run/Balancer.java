package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import nimload.nim.Routes;
import nimload.preflight.NimClient;
import nimload.servermetrics.Reading;

/**
 * Several servers behind one address, as their pages of metrics show: they name different GPUs, hosts or processes, or a counter
 * is lower than it was.
 *
 * @param perRequest whether requests of one connection reach different servers; otherwise each connection keeps to one, and
 *     a level's users reach some of them only, or one more than another
 * @param evidence in words
 */
record Balancer(boolean perRequest, String evidence) {
    /** Of two servers, each connection choosing one at random, all reach the same once in 2^15. */
    private static final int CONNECTIONS = 16;

    private static final int PAGES_OF_ONE_CONNECTION = 8;
    private static final int REQUESTS_OF_ONE_CONNECTION = 3;

    /** For all pages together; each takes milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Looks at an address before the load. What it reads is of connections that stay open, so that a balancer which counts them
     * gives each server its turn.
     *
     * @param newClient has connections of its own
     * @param request sends any request with it, so that the servers' counters differ; its outcome does not matter
     * @return empty if only one server shows itself, or nothing is known
     */
    static Optional<Balancer> seen(URI address, Supplier<NimClient> newClient, Consumer<NimClient> request) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Reading> readings = new ArrayList<>();
        List<NimClient> clients =
                IntStream.range(0, CONNECTIONS).mapToObj(i -> newClient.get()).toList();
        try {
            NimClient one = clients.get(0);
            read(one, address, PAGES_OF_ONE_CONNECTION, deadline, readings);
            if (Reading.severalServers(readings).isEmpty()) {
                IntStream.range(0, REQUESTS_OF_ONE_CONNECTION).forEach(i -> request.accept(one));
                read(one, address, PAGES_OF_ONE_CONNECTION, deadline, readings);
            }
            Optional<String> evidence = Reading.severalServers(readings);
            if (evidence.isPresent()) {
                return Optional.of(new Balancer(true, evidence.get()));
            }
            for (NimClient client : clients) {
                request.accept(client);
                read(client, address, 1, deadline, readings);
            }
            // Again, since a counter that is lower elsewhere may have been read before the higher one.
            for (NimClient client : clients) {
                read(client, address, 1, deadline, readings);
            }
        } catch (MetricsPage.Unread e) {
            // Without a page nothing is known; of a slow one, what was read so far.
        }
        return Reading.severalServers(readings).map(evidence -> new Balancer(false, evidence));
    }

    private static void read(NimClient client, URI address, int times, long deadlineNanos, List<Reading> readings)
            throws MetricsPage.Unread {
        MetricsPage page = MetricsPage.own(client, address);
        for (int i = 0; i < times; i++) {
            Duration left = Duration.ofNanos(Math.max(1_000_000, deadlineNanos - System.nanoTime()));
            readings.add(Reading.of(0, page.read(left)));
        }
    }

    /** For the head of the reports. */
    String note(String kind) {
        String found = " (" + Routes.METRICS + " showed " + evidence + ")";
        return perRequest
                ? kind + ": a balancer deals out requests to several servers" + found
                        + "; what each of them does is not known."
                : kind + ": several servers share this address, and each connection keeps to one of them" + found
                        + ". Give each its address, -Dnim." + kind
                        + ".url=http://a:8000,http://b:8000, or for a headless"
                        + " Service -Dnim." + kind + ".replicas=dns.";
    }
}
