package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.measure.AddedTime;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.PipelineSettings;
import nimload.plan.Workload;
import nimload.results.Latency;
import nimload.results.Percentile;
import nimload.results.Pipeline;
import nimload.results.Searches;
import nimload.run.LevelPlan.Times;

/** The levels of a retrieval pipeline: its searches alone, then with ingestion. */
final class PipelinePhase implements Phase {
    static final String OFF = "ingestion off";
    static final String ON = "ingestion on";

    /** Enough for a rate at which an embedding NIM keeps up. */
    private static final int MOST_INGESTING = 64;

    /** Of a level that waits for its samples, unless the user says how long it may. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** With fewer words in common, queries would soon repeat. */
    private static final int FEWEST_WORDS = 100;

    private final RunPlan run;
    private final PipelineSettings settings;
    private final Map<Workload, RequestFactory> requests;
    private final Measurement.Watches watches;
    private final RunReport report;
    private final Host host;
    private final List<PipelineLevel> levels = new ArrayList<>();
    private final List<Searches> ended = new ArrayList<>();

    private PipelinePhase(
            RunPlan run,
            PipelineSettings settings,
            Map<Workload, RequestFactory> requests,
            Measurement.Watches watches,
            RunReport report,
            Host host) {
        this.run = run;
        this.settings = settings;
        this.requests = requests;
        this.watches = watches;
        this.report = report;
        this.host = host;
    }

    static PipelinePhase of(
            RunPlan run, PipelineSettings settings, Calibration calibration, RunReport report, Host host) {
        return new PipelinePhase(
                run, settings, requests(run, settings), Measurement.Watches.of(run, calibration), report, host);
    }

    /** Both NIMs get the same queries: of words that cost each of them one token. The user's own texts stay as they are. */
    private static Map<Workload, RequestFactory> requests(RunPlan run, PipelineSettings settings) {
        Map<Workload, RequestFactory> all = new EnumMap<>(run.nims().requests());
        LoadPoint query = at(settings, point(run, Workload.QUERY));
        if (query.texts().isPresent() || point(run, Workload.RERANKING).texts().isPresent()) {
            return all;
        }
        Set<String> known = new HashSet<>(all.get(Workload.RERANKING).costs().words());
        List<String> words = all.get(Workload.QUERY).costs().words().stream()
                .filter(known::contains)
                .toList();
        if (words.size() >= FEWEST_WORDS) {
            RequestFactory queries = all.get(Workload.QUERY).of(words);
            all.put(Workload.QUERY, queries);
            all.computeIfPresent(Workload.RERANKING, (same, ranking) -> ranking.against(queries, query));
        }
        return all;
    }

    private static LoadPoint point(RunPlan run, Workload workload) {
        return run.points().stream()
                .filter(point -> point.workload() == workload)
                .findFirst()
                .orElseThrow();
    }

    List<PipelineLevel> levelsOfSearches(Host host, RunThreads threads) {
        long seed = run.settings().requests().seed();
        levels.add(new PipelineLevel(plans(OFF, 1, false), settings, seed, this, host, threads));
        if (settings.ingestion().isPresent()) {
            levels.add(new PipelineLevel(plans(ON, 2, true), settings, seed, this, host, threads));
        }
        return List.copyOf(levels);
    }

    /** @param series of its bodies: a cache knows none of the level before */
    private PipelineLevel.Plans plans(String during, int series, boolean ingests) {
        return new PipelineLevel.Plans(
                plan(step(Workload.QUERY, during), series, Optional.of(announcement(during))),
                plan(ranking(during), series, Optional.empty()),
                settings.ingestion()
                        .filter(load -> ingests)
                        .map(load -> plan(
                                point(run, Workload.PASSAGE)
                                        .atConcurrency(MOST_INGESTING)
                                        .at(load)
                                        .during(during),
                                series,
                                Optional.empty())));
    }

    private LoadPoint step(Workload workload, String during) {
        return at(settings, point(run, workload)).during(during);
    }

    private static LoadPoint at(PipelineSettings settings, LoadPoint point) {
        return point.atConcurrency(settings.users()).at(settings.load());
    }

    /** The query's words are those that the embedding NIM gets; what it adds to them the reranking NIM does not see. */
    private LoadPoint ranking(String during) {
        LoadPoint ranking = step(Workload.RERANKING, during);
        return requests.get(Workload.RERANKING).queries().isEmpty()
                ? ranking
                : ranking.withQueryTokens(requests.get(Workload.QUERY).wordsOf(point(run, Workload.QUERY)));
    }

    private String announcement(String during) {
        return String.format(
                Locale.ROOT,
                "▶ Running searches: %s, embed → %s → rerank, %s",
                settings.loadText(),
                settings.search().text(),
                during.equals(ON) ? "ingestion " + settings.ingestionText() : during);
    }

    private LevelPlan plan(LoadPoint point, int series, Optional<String> announcement) {
        return new LevelPlan(
                point.name(),
                announcement,
                point,
                run.target(point).replicas(),
                run.balancer(point),
                OptionalInt.of(series),
                requests.get(point.workload()),
                ExpectedAnswer.of(run.target(point), run.settings().requests().embedding()),
                times(),
                run.settings().headers(point.workload().nim()));
    }

    /** A search takes longer than a request, so a level waits longer for its samples. */
    private Times times() {
        Times usual = run.times();
        if (run.settings().timing().until().longest().isPresent()
                || usual.longest().compareTo(LONGEST) > 0) {
            return usual;
        }
        return new Times(
                usual.warmUp(),
                usual.measurement(),
                LONGEST,
                usual.samples(),
                usual.precision(),
                usual.comparison(),
                usual.requestTimeout());
    }

    @Override
    public List<LevelPlan> plans() {
        return levels.stream().flatMap(level -> level.plans().stream()).toList();
    }

    /** The metrics of a NIM that embeds queries and passages at the same time do not tell them apart. */
    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        LoadPoint point = plan.point();
        boolean shared = point.during().equals(ON) && point.workload().nim() == NimKind.EMBEDDING;
        return watches.of(plan, point(run, point.workload()), !shared);
    }

    /** Only the emulator sends the server's own time. */
    @Override
    public Optional<AddedTime> added(LevelPlan plan) {
        return run.target(plan.point()).emulated() ? Optional.of(new AddedTime()) : Optional.empty();
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        report.levelClosed(plan.point(), result, level -> level, log);
        levels.stream()
                .filter(level -> level.name().equals(plan.point().during()))
                .findFirst()
                .flatMap(level -> level.closed(result))
                .ifPresent(this::searched);
    }

    /** Levels of searches end one after another. */
    private void searched(Searches searches) {
        ended.add(searches);
        report.searched(Pipeline.of(settings.loadText(), settings.search().text(), ended));
        host.out().println("  → " + line(searches));
    }

    private static String line(Searches searches) {
        String parts = searches.parts().stream()
                .filter(part -> part.latency().avg().isPresent())
                .map(part -> String.format(
                        Locale.ROOT,
                        "%s %.1f",
                        part.name(),
                        part.latency().avg().getAsDouble()))
                .collect(Collectors.joining(" + "));
        return "searches, " + searches.during() + ": "
                + millis("p50", searches.felt(), Percentile.P50)
                + millis("p95", searches.felt(), Percentile.P95)
                + rate(searches.perSecond())
                + (parts.isEmpty() ? "" : "mean " + parts + " ms")
                + (searches.failed() == 0 ? "" : "   " + searches.failed() + " failed");
    }

    private static String millis(String name, Latency latency, Percentile percentile) {
        OptionalDouble value = latency.at(percentile);
        return value.isPresent() ? String.format(Locale.ROOT, "%s %.3f ms   ", name, value.getAsDouble()) : "";
    }

    private static String rate(OptionalDouble perSecond) {
        return perSecond.isPresent() ? String.format(Locale.ROOT, "%.1f searches/s   ", perSecond.getAsDouble()) : "";
    }

    @Override
    public boolean reported() {
        return true;
    }
}
