package nimload.run;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.nim.InputType;
import nimload.nim.Routes;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.report.RunDirectory;
import nimload.report.RunInfo;
import nimload.target.Endpoints;
import nimload.target.NimClient;
import nimload.target.Preflight;
import nimload.target.Target;
import nimload.target.Trust;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning;
import nimload.text.TokenLearning.PairCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * A run, prepared: the settings are checked, the NIMs were asked, the texts' costs are learnt, the levels are known. It
 * remains to run the levels, one after another.
 */
public final class Benchmark {
    private static final Duration EMBEDDED_DURATION = Duration.ofSeconds(5);
    private static final Duration EMBEDDED_WARM_UP = Duration.ofSeconds(1);
    private static final Duration REAL_DURATION = Duration.ofSeconds(30);
    private static final Duration REAL_WARM_UP = Duration.ofSeconds(5);

    private final Settings settings;
    private final List<Level> rehearsals;
    private final List<Level> levels;
    private final RunReport report;

    private Benchmark(Settings settings, List<Level> rehearsals, List<Level> levels, RunReport report) {
        this.settings = settings;
        this.rehearsals = rehearsals;
        this.levels = levels;
        this.report = report;
    }

    /** The NIM that serves a workload, and the way its tokens are counted. */
    private record Prepared(Target target, String route, RequestFactory requests) {}

    /**
     * Prepares a run, up to and including a few requests to the NIMs.
     *
     * @param workloads those that the simulation runs
     * @param systemProperties all of them
     * @param environment all of it
     * @param disk whether results may be written
     * @param out for progress
     * @throws UserError for whatever would make the run fail
     */
    public static Benchmark prepare(
            Set<Workload> workloads,
            Map<String, String> systemProperties,
            Map<String, String> environment,
            boolean disk,
            PrintStream out) {
        SettingValues given = SettingValues.of(systemProperties, environment);
        Endpoints endpoints = given.find(Setting.ENDPOINTS)
                .map(file -> Endpoints.read(Path.of(file.value())))
                .orElse(Endpoints.NONE);
        Settings settings = Settings.parse(given.orElse(endpoints.settings(), "endpoints file"), PublishedGrid.load());
        List<String> notes = new ArrayList<>();
        Map<String, URI> urls = urls(settings);
        Set<Workload> wanted = EnumSet.copyOf(workloads);
        wanted.retainAll(settings.workloads());
        Set<Workload> available = available(wanted, urls, notes);
        if (settings.tls().insecure()) {
            notes.add("WARNING: nim.tls.insecure=true, the servers' certificates were not checked");
        }
        Preflight preflight = new Preflight(new NimClient(Trust.context(settings.tls()), settings.apiKey()));
        Map<String, Target> targets = new LinkedHashMap<>();
        Map<Workload, Prepared> prepared = prepare(available, urls, settings, preflight, targets);
        boolean emulated = targets.values().stream().anyMatch(Target::emulated);
        Duration duration = settings.duration().orElse(emulated ? EMBEDDED_DURATION : REAL_DURATION);
        Duration warmUp = settings.warmUp().orElse(emulated ? EMBEDDED_WARM_UP : REAL_WARM_UP);
        addNotes(notes, settings, prepared, emulated);

        List<LoadPoint> points = settings.loadPoints(available);
        points.forEach(point -> prepared.get(point.workload()).requests().wordsOf(point));
        Clock clock = Clock.systemDefaultZone();
        Optional<RunDirectory> directory = disk
                ? Optional.of(RunDirectory.create(settings.results(), LocalDateTime.now(clock)))
                : Optional.empty();
        RunInfo run = new RunInfo(
                directory.map(RunDirectory::id).orElse("no directory"),
                clock.instant(),
                targets,
                duration,
                warmUp,
                settings.given(),
                effective(settings, endpoints),
                client(),
                notes,
                points.size());
        RunReport report = new RunReport(run, directory, out);
        targets.forEach((kind, target) -> out.println(kind + ": " + target.model() + " at " + target.url()
                + (target.emulated() ? ", " + EmbeddedNim.LABEL : "")));
        List<Level> levels = new ArrayList<>();
        for (LoadPoint point : points) {
            Prepared nim = prepared.get(point.workload());
            levels.add(new Level(
                    point.requestName(),
                    point,
                    URI.create(nim.target().url() + nim.route()),
                    nim.requests(),
                    warmUp,
                    duration,
                    settings.requestTimeout(),
                    settings.apiKey(),
                    level -> out.println(level.point().announcement()),
                    result -> {
                        report.levelClosed(result);
                        if (result.samples().successes() == 0) {
                            levels.forEach(Level::abandon);
                        }
                    }));
        }
        return new Benchmark(
                settings, settings.rehearsal() ? Rehearsal.of(points, settings, out) : List.of(), levels, report);
    }

    private static Map<String, URI> urls(Settings settings) {
        Map<String, URI> urls = new LinkedHashMap<>();
        if (settings.embeddingUrl().isEmpty() && settings.rerankingUrl().isEmpty()) {
            URI url = EmbeddedNim.start(0).url();
            urls.put("embedding", url);
            urls.put("reranking", url);
        }
        settings.embeddingUrl().ifPresent(url -> urls.put("embedding", url));
        settings.rerankingUrl().ifPresent(url -> urls.put("reranking", url));
        return urls;
    }

    private static String kind(Workload workload) {
        return workload == Workload.RERANKING ? "reranking" : "embedding";
    }

    private static Set<Workload> available(Set<Workload> wanted, Map<String, URI> urls, List<String> notes) {
        Set<Workload> available = wanted.stream()
                .filter(workload -> urls.containsKey(kind(workload)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Workload.class)));
        if (available.isEmpty()) {
            throw new UserError("no workload to run: this simulation and nim.workloads leave "
                    + wanted.stream().map(Workload::key).toList() + ", and there is an address for "
                    + urls.keySet() + "; give -Dnim.embedding.url=…, -Dnim.reranking.url=… or other -Dnim.workloads=…");
        }
        wanted.stream()
                .filter(workload -> !available.contains(workload))
                .forEach(workload ->
                        notes.add(workload.key() + " was not run: nim." + kind(workload) + ".url is not given"));
        return available;
    }

    private static Map<Workload, Prepared> prepare(
            Set<Workload> workloads,
            Map<String, URI> urls,
            Settings settings,
            Preflight preflight,
            Map<String, Target> targets) {
        List<String> words = CommonWords.load();
        Map<Workload, Prepared> prepared = new EnumMap<>(Workload.class);
        for (Workload workload : workloads) {
            boolean reranking = workload == Workload.RERANKING;
            Target target = targets.computeIfAbsent(
                    kind(workload),
                    kind -> preflight.find(
                            urls.get(kind),
                            reranking ? settings.rerankingModel() : settings.embeddingModel(),
                            reranking ? EmbeddedNim.RERANKING_MODEL : EmbeddedNim.EMBEDDING_MODEL,
                            "nim." + kind + ".model"));
            PairCosts costs = reranking
                    ? TokenLearning.ofPairs(
                            words, (query, passages) -> preflight.rank(target, settings.truncate(), query, passages))
                    : new PairCosts(textCosts(workload, words, target, settings, preflight), PairCounting.UNKNOWN);
            prepared.put(
                    workload,
                    new Prepared(
                            target,
                            reranking ? Routes.RANKING : Routes.EMBEDDINGS,
                            new RequestFactory(
                                    target.model(),
                                    costs.costs(),
                                    costs.counting(),
                                    settings.encodingFormat(),
                                    settings.truncate(),
                                    settings.seed())));
        }
        return prepared;
    }

    private static TokenCosts textCosts(
            Workload workload, List<String> words, Target target, Settings settings, Preflight preflight) {
        InputType type = workload == Workload.QUERY ? InputType.QUERY : InputType.PASSAGE;
        return TokenLearning.ofTexts(
                words, text -> preflight.embed(target, type, settings.encodingFormat(), settings.truncate(), text));
    }

    private static void addNotes(
            List<String> notes, Settings settings, Map<Workload, Prepared> prepared, boolean emulated) {
        if (emulated) {
            notes.add("Made with the " + EmbeddedNim.LABEL + ": no result of NVIDIA's NIM.");
        }
        if (!settings.rehearsal()) {
            notes.add("nim.rehearsal=false: the client was cold, the first levels carry its own start.");
        }
        prepared.forEach((workload, nim) -> {
            if (!nim.requests().costs().verified()) {
                notes.add(workload.key()
                        + ": tokens not verified, the server's usage is missing or does not move with the" + " text.");
            }
        });
        int queryTokens = settings.grids().get(Workload.RERANKING).queryTokens();
        if (prepared.containsKey(Workload.RERANKING) && queryTokens >= 256) {
            notes.add("reranking: queries of " + queryTokens
                    + " tokens, as genai-perf's synthetic input sends them; a real"
                    + " query is nearer 20 (-Dnim.reranking.queryTokens=20).");
        }
    }

    private static Map<String, String> effective(Settings settings, Endpoints endpoints) {
        Map<String, String> effective = new LinkedHashMap<>(endpoints.about());
        effective.put("encodingFormat", settings.encodingFormat().wire());
        effective.put("truncate", settings.truncate().name());
        effective.put("requestTimeout", settings.requestTimeout().toMillis() + "ms");
        effective.put("seed", Long.toString(settings.seed()));
        effective.put("strict", Boolean.toString(settings.strict()));
        effective.put("fullCheckEvery", Integer.toString(Level.FULL_CHECK_EVERY));
        effective.put("sameVectorMinCosine", Double.toString(AnswerValues.Vectors.MIN_COSINE));
        effective.put("sameLogitTolerance", Double.toString(AnswerValues.Logits.TOLERANCE));
        return effective;
    }

    private static Map<String, String> client() {
        Map<String, String> client = new LinkedHashMap<>();
        client.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        client.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        client.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        client.put("maxHeapMiB", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
        return client;
    }

    public Settings settings() {
        return settings;
    }

    /** To be run before the levels, without a trace in any result: they run this client's code hot. */
    public List<Level> rehearsals() {
        return rehearsals;
    }

    /** In the order in which they are to run. */
    public List<Level> levels() {
        return levels;
    }

    /** What makes the run a failure beyond failed requests, a line each; with {@code nim.strict} every level not valid. */
    public List<String> verdict() {
        List<String> problems = new ArrayList<>(report.problems());
        report.results().forEach(result -> {
            List<String> reasons = settings.strict() ? result.reasonsAgainst() : result.failures();
            if (!reasons.isEmpty()) {
                problems.add(result.point().requestName() + " not valid: " + String.join("; ", reasons));
            }
        });
        return problems;
    }

    public String summary() {
        return report.summary();
    }
}
