package nimload.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nimload.nim.EmbeddingRequest;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.preflight.Target;
import nimload.results.SoakSlice.ServerState;
import nimload.servermetrics.GpuNow;
import nimload.servermetrics.Reading;

/** Reads the NIMs' metrics as a slice ends. Used by one thread at a time. */
final class SoakServers {
    private final Map<String, Server> servers = new TreeMap<>();

    private static final class Server {
        final MetricsPages pages;
        final String model;
        Optional<MetricsPages.Opened> opened = Optional.empty();
        Optional<Reading> last = Optional.empty();

        Server(MetricsPages pages, String model) {
            this.pages = pages;
            this.model = model;
        }

        /** Empty without any metrics. */
        Optional<ServerState> state() {
            Reading now;
            try {
                if (opened.isEmpty()) {
                    MetricsPages.Opened first = pages.open();
                    if (first.first().isEmpty()) {
                        return Optional.empty();
                    }
                    opened = Optional.of(first);
                    now = first.first().get();
                } else {
                    now = pages.read(opened.get(), 0);
                }
            } catch (MetricsPage.Unread e) {
                return Optional.of(ServerState.unread(e.getMessage()));
            }
            Optional<String> restart = last.flatMap(before -> Reading.severalServers(List.of(before, now)));
            last = Optional.of(now);
            GpuNow gpu = GpuNow.of(now, model);
            return Optional.of(new ServerState(
                    restart,
                    Optional.empty(),
                    gpu.utilization(),
                    gpu.powerWatts(),
                    gpu.memoryUsedBytes(),
                    gpu.clockMhz(),
                    gpu.celsius(),
                    gpu.throttled()));
        }
    }

    /** A page behind a balancer is each time another server's, so it is not read. */
    static SoakServers of(RunPlan run, List<LoadPoint> mix) {
        SoakServers all = new SoakServers();
        ServerWatches watches = ServerWatches.of(run.settings(), run.times().measurement());
        Map<NimKind, LoadPoint> points = new HashMap<>();
        mix.forEach(point -> points.put(point.workload().nim(), point));
        points.forEach((kind, point) -> {
            Target target = run.target(point);
            if (run.balancer(point).filter(Balancer::perRequest).isEmpty()) {
                boolean one = target.replicas().size() == 1;
                target.replicas()
                        .forEach(replica -> all.servers.put(
                                one ? kind.key() : kind.key() + " " + replica,
                                new Server(
                                        watches.pagesOf(kind, one ? target : target.only(replica)),
                                        EmbeddingRequest.baseModel(target.model()))));
            }
        });
        return all;
    }

    /** By kind, and of several replicas by address too. */
    Map<String, ServerState> states() {
        Map<String, ServerState> states = new TreeMap<>();
        servers.forEach((name, server) -> server.state().ifPresent(state -> states.put(name, state)));
        return states;
    }
}
