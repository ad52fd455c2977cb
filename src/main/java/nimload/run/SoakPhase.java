package nimload.run;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.measure.RequestLog;
import nimload.plan.LoadPoint;
import nimload.plan.SoakSettings;
import nimload.plan.Workload;
import nimload.results.Arrivals;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Soak;
import nimload.results.SoakFindings;
import nimload.results.SoakSlice;
import nimload.results.SoakSlice.ClientState;
import nimload.results.SoakSlice.Share;
import nimload.results.SoakSlice.Value;
import nimload.run.LevelPlan.Times;

/**
 * The levels of a soak, one per workload, all at the same time. A slice is kept on disk as soon as the last of its requests has
 * ended, whatever the workload.
 */
final class SoakPhase implements Phase {
    private static final List<Percentile> PERCENTILES = List.of(Percentile.P50, Percentile.P95, Percentile.P99);
    private static final Duration COMPARISON = Duration.ofSeconds(2);
    private static final int PATIENCE_SECONDS = 30;

    /** Of a slice: results.json is to stay small whatever happens. */
    private static final int MOST_TEXTS = 4;

    private static final int LONGEST_TEXT = 120;

    private final RunPlan run;
    private final SoakSettings settings;
    private final List<LevelPlan> plans;
    private final Calibration calibration;
    private final RunReport report;
    private final Host host;
    private final RunThreads threads;
    private final SoakServers servers;
    private final Map<LevelPlan, Set<Executor>> loops = new ConcurrentHashMap<>();
    private final int done;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "soak-slices");
        thread.setDaemon(true);
        return thread;
    });

    /** Of slices of which some workloads are still missing; only on the thread. */
    private final Map<Integer, Map<Workload, Part>> unfinished = new TreeMap<>();

    private final List<Workload> running;
    private volatile Soak soak;

    private record Part(Instant began, double seconds, Share share) {}

    SoakPhase(
            RunPlan run,
            SoakSettings settings,
            Soak soak,
            Calibration calibration,
            RunReport report,
            Host host,
            RunThreads threads) {
        this.run = run;
        this.settings = settings;
        this.soak = soak;
        this.done = soak.slices().size();
        this.calibration = calibration;
        this.report = report;
        this.host = host;
        this.threads = threads;
        this.running =
                new ArrayList<>(run.points().stream().map(LoadPoint::workload).toList());
        this.plans =
                run.points().stream().map(point -> plan(point, soak.nextPart())).toList();
        this.servers = SoakServers.of(run, run.points());
        // What they are like before the load.
        thread.execute(servers::states);
    }

    private LevelPlan plan(LoadPoint point, int part) {
        Duration length = settings.slice().multipliedBy(settings.slices() - done);
        return new LevelPlan(
                point.name(),
                Optional.of(point.announcement()),
                point,
                run.target(point).replicas(),
                run.balancer(point),
                OptionalInt.of(part),
                run.nims().requests().get(point.workload()),
                ExpectedAnswer.of(run.target(point), run.settings().requests().embedding()),
                new Times(
                        run.times().warmUp(),
                        length,
                        length,
                        0,
                        OptionalDouble.empty(),
                        COMPARISON,
                        run.times().requestTimeout()),
                run.settings().headers(point.workload().nim()));
    }

    @Override
    public List<LevelPlan> plans() {
        return plans;
    }

    /** Others' requests are among those that the server counts, so its metrics are not those of one level. */
    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        Set<Executor> known = loops.computeIfAbsent(plan, unseen -> ConcurrentHashMap.newKeySet());
        return List.of(calibration.watch(plan.point()), new ClientWatch(), new LevelWatch() {
            @Override
            public void userLivesOn(Executor loop) {
                known.add(loop);
            }

            @Override
            public Observations levelClosed() {
                return Observations.NONE;
            }
        });
    }

    @Override
    public Optional<SliceRecorders> slices(LevelPlan plan) {
        return Optional.of(new SliceRecorders(
                settings.slices() - done,
                settings.slice(),
                threads.stalls()::stalledNanos,
                number -> watchesOfSlice(plan),
                slice -> thread.execute(() -> ended(plan, slice))));
    }

    private LevelWatches watchesOfSlice(LevelPlan plan) {
        ClientWatch client = new ClientWatch();
        loops.get(plan).forEach(client::userLivesOn);
        return new LevelWatches(List.of(client), threads.watches());
    }

    private void ended(LevelPlan plan, SliceRecorders.Slice slice) {
        LevelWatches.Seen seen = slice.watches().levelClosed();
        LevelResults results = new LoadPointResult(
                        plan.point(),
                        slice.samples(),
                        plan.requests()
                                .tokenCheck(plan.point())
                                .limitedTo(plan.expected().tokenLimit()),
                        seen.load(),
                        seen.observations(),
                        host.clock().instant())
                .results();
        Instant began = host.clock()
                .instant()
                .minusNanos(System.nanoTime() - slice.openedNanos())
                .truncatedTo(ChronoUnit.MILLIS);
        unfinished
                .computeIfAbsent(done + slice.number() + 1, number -> new HashMap<>())
                .put(plan.point().workload(), new Part(began, slice.samples().windowNanos() / 1e9, share(results)));
        keep();
    }

    static Share share(LevelResults slice) {
        Optional<Arrivals> arrivals = slice.throughput().arrivals();
        return new Share(
                slice.workload(),
                arrivals.map(Arrivals::count).orElse(0L),
                arrivals.map(Arrivals::notSent).orElse(0L),
                slice.requests().errorsByKind(),
                slice.requests().firstErrors().entrySet().stream()
                        .limit(MOST_TEXTS)
                        .collect(Collectors.toMap(Map.Entry::getKey, error -> shortened(error.getValue()))),
                slice.throughput().requests().map(Value::of),
                values(arrivals.map(Arrivals::response).orElse(Latency.UNKNOWN)),
                values(slice.latency()),
                slice.validity().reasons().stream()
                        .limit(MOST_TEXTS)
                        .map(SoakPhase::shortened)
                        .toList());
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    private static Map<String, Value> values(Latency latency) {
        Map<String, Value> values = new LinkedHashMap<>();
        PERCENTILES.forEach(percentile ->
                latency.estimate(percentile).ifPresent(estimate -> values.put(percentile.key(), Value.of(estimate))));
        return values;
    }

    /** Writes the slices of which no workload is missing that still runs. */
    private void keep() {
        while (!unfinished.isEmpty()) {
            Map.Entry<Integer, Map<Workload, Part>> next =
                    unfinished.entrySet().iterator().next();
            if (!next.getValue().keySet().containsAll(running)) {
                return;
            }
            unfinished.remove(next.getKey());
            List<Part> parts = run.points().stream()
                    .map(point -> next.getValue().get(point.workload()))
                    .filter(part -> part != null)
                    .toList();
            SoakSlice slice = new SoakSlice(
                    next.getKey(),
                    plans.get(0).series().getAsInt(),
                    parts.get(0).began(),
                    parts.get(0).seconds(),
                    parts.stream().map(Part::share).toList(),
                    Optional.of(ClientProcess.now(report.diskBytes())),
                    servers.states());
            soak = soak.with(slice);
            report.soaked(soak, Optional.of(slice));
            host.out().println(line(slice));
        }
    }

    private String line(SoakSlice slice) {
        String shares = slice.workloads().stream().map(SoakPhase::line).collect(Collectors.joining(" · "));
        ClientState client = slice.client().orElseThrow();
        return String.format(
                Locale.ROOT,
                "  slice %d/%d  %s%s%s%s",
                slice.number(),
                soak.slicesPlanned(),
                shares,
                client.heapBytes().isPresent()
                        ? " · heap " + (client.heapBytes().getAsLong() >> 20) + " MB"
                        : "",
                client.openFiles().isPresent() ? ", " + client.openFiles().getAsLong() + " handles" : "",
                slice.servers().entrySet().stream()
                        .map(server -> server.getValue()
                                .restart()
                                .map(seen -> " · " + server.getKey() + " RESTARTED")
                                .orElse(""))
                        .collect(Collectors.joining()));
    }

    private static String line(Share share) {
        return share.workload().key()
                + (share.response(Percentile.P95).isPresent()
                        ? String.format(
                                Locale.ROOT,
                                " p95 %.1f ms",
                                share.response(Percentile.P95).getAsDouble())
                        : "")
                + share.requestsPerSecond()
                        .map(rate -> String.format(Locale.ROOT, " %.1f/s", rate.value()))
                        .orElse("")
                + (share.errorCount() > 0 ? " " + share.errorCount() + " ERRORS" : "")
                + (share.notSent() > 0 ? " " + share.notSent() + " NEVER SENT" : "")
                + (share.reasons().stream().anyMatch(reason -> reason.startsWith("client-limited"))
                        ? " (client-limited)"
                        : "");
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        try {
            thread.submit(() -> {
                        running.remove(plan.point().workload());
                        keep();
                        if (running.isEmpty()) {
                            soak = soak.withVerdict(SoakFindings.of(soak).sentence(soak));
                            report.soaked(soak, Optional.empty());
                        }
                        report.levelClosed(plan.point(), result, level -> level, log);
                    })
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a slice could not be kept", e.getCause());
        } catch (TimeoutException e) {
            // It is kept when the disk is ready.
        }
    }

    /** What fails the run besides the levels of this part, a line each. */
    List<String> problems() {
        return SoakFindings.of(soak).problems(soak);
    }

    /** Requests are too many to be kept one by one, which Gatling's log would. */
    @Override
    public boolean reported() {
        return false;
    }

    @Override
    public boolean reportsAlone() {
        return true;
    }
}
