package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.nim.NimKind;
import nimload.nim.ServerText;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.NimClient;
import nimload.preflight.Preflight;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.preflight.WaitClock;
import nimload.text.CommonWords;
import nimload.text.TokenLearning;
import nimload.text.TokenLearning.PairCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * The NIMs of a run: asked whether they can serve it, and what words cost in their tokens. Without an address for either, the
 * embedded NIM is started.
 *
 * @param requests builds those of each workload that will run
 * @param trial which levels of these workloads the NIMs take
 * @param notes on workloads that will not run, and on what the servers did before the load
 */
record Nims(
        Map<NimKind, Target> targets, Map<Workload, RequestFactory> requests, LevelTrial trial, List<String> notes) {
    /** Longer than a NIM takes for any request; a hopeless run is to end soon. */
    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(60);

    /** Its texts are not those of a level, which a server could remember. */
    private static final int TRIAL_SERIES = -1;

    /** For single requests next to the load. */
    static NimClient client(Settings settings) {
        return new NimClient(Trust.context(settings.tls()), settings.apiKey());
    }

    boolean emulated() {
        return targets.values().stream().anyMatch(Target::emulated);
    }

    /**
     * @param progress gets a line now and then while a NIM is not ready
     * @throws UserError if one cannot serve the run, or no workload or level is left
     */
    static Nims prepare(Set<Workload> workloads, Instructions instructions, Consumer<String> progress) {
        Settings settings = instructions.settings();
        boolean embedded =
                settings.nims().values().stream().allMatch(nim -> nim.url().isEmpty());
        Map<NimKind, URI> urls = embedded ? embeddedUrls(settings) : urls(settings);
        Set<Workload> wanted = EnumSet.copyOf(workloads);
        wanted.retainAll(settings.workloads());
        Set<Workload> available = available(wanted, urls);
        Preflight preflight = embedded ? Preflight.ofEmbedded(client(settings)) : preflight(settings, progress);
        Map<NimKind, Target> targets = new EnumMap<>(NimKind.class);
        Map<Workload, RequestFactory> requests = new EnumMap<>(Workload.class);
        for (Workload workload : available) {
            Target target = targets.computeIfAbsent(
                    workload.nim(),
                    kind -> seen(
                            workload,
                            preflight.find(
                                    kind,
                                    urls.get(kind),
                                    settings.nims().get(kind).model(),
                                    EmbeddedNim.model(kind)),
                            settings.requests(),
                            preflight));
            PairCosts costs = costs(workload, target, settings, preflight);
            requests.put(
                    workload,
                    new RequestFactory(
                            target.model(),
                            costs.costs(),
                            costs.counting(),
                            settings.requests(),
                            Optional.ofNullable(instructions.texts().get(workload))));
        }
        List<LoadPoint> planned = settings.loadPoints(requests.keySet());
        planned.stream()
                .filter(point -> point.texts().isEmpty())
                .forEach(point -> requests.get(point.workload()).wordsOf(point));
        Duration limit = settings.timing().requestTimeout();
        LevelTrial trial = LevelTrial.of(planned, point -> {
            Body largest = requests.get(point.workload()).largestBody(point, TRIAL_SERIES);
            return preflight.refusal(
                    targets.get(point.workload().nim()),
                    point.workload().nim(),
                    largest.bytes(),
                    largest.items(),
                    limit.compareTo(LONGEST_TRIAL) < 0 ? limit : LONGEST_TRIAL,
                    words -> point.texts().isPresent() ? ServerText.withoutTexts(words) : words);
        });
        List<String> notes = new ArrayList<>(notes(wanted, available));
        workloads.stream()
                .filter(workload -> !settings.grids().containsKey(workload))
                .map(workload -> workload.key() + " was not run: the grid has no levels of it")
                .forEach(notes::add);
        notes.addAll(preflight.notes());
        notes.addAll(trial.notes());
        return new Nims(targets, requests, trial, notes);
    }

    private static Preflight preflight(Settings settings, Consumer<String> progress) {
        Duration wait = settings.timing().patience().orElse(Duration.ZERO);
        return new Preflight(client(settings), wait, WaitClock.SYSTEM, progress);
    }

    private static Map<NimKind, URI> urls(Settings settings) {
        Map<NimKind, URI> urls = new EnumMap<>(NimKind.class);
        settings.nims().forEach((kind, nim) -> nim.url().ifPresent(url -> urls.put(kind, url)));
        return urls;
    }

    private static Map<NimKind, URI> embeddedUrls(Settings settings) {
        Map<NimKind, URI> urls = new EnumMap<>(NimKind.class);
        URI url = EmbeddedNim.start(0).url();
        settings.nims().keySet().forEach(kind -> urls.put(kind, url));
        return urls;
    }

    private static Set<Workload> available(Set<Workload> wanted, Map<NimKind, URI> urls) {
        Set<Workload> available = EnumSet.copyOf(wanted);
        available.removeIf(workload -> !urls.containsKey(workload.nim()));
        if (available.isEmpty()) {
            throw new UserError("no workload to run: this simulation, nim.workloads and nim.grid leave "
                    + wanted.stream().map(Workload::key).toList() + ", and there is an address for "
                    + urls.keySet().stream().map(NimKind::key).toList()
                    + "; give -Dnim.embedding.url=…, -Dnim.reranking.url=… or other -Dnim.workloads=…");
        }
        return available;
    }

    private static List<String> notes(Set<Workload> wanted, Set<Workload> available) {
        return wanted.stream()
                .filter(workload -> !available.contains(workload))
                .map(workload ->
                        workload.key() + " was not run: nim." + workload.nim().key() + ".url is not given")
                .toList();
    }

    private static Target seen(Workload workload, Target target, Settings.Requests format, Preflight preflight) {
        return switch (workload.nim()) {
            case EMBEDDING ->
                preflight.seenEmbedding(
                        target, workload.inputType().orElseThrow(), format.encodingFormat(), format.truncate());
            case RERANKING -> preflight.seenRanking(target, format.truncate());
        };
    }

    private static PairCosts costs(Workload workload, Target target, Settings settings, Preflight preflight) {
        List<String> words = CommonWords.load();
        Settings.Requests format = settings.requests();
        return switch (workload.nim()) {
            case EMBEDDING ->
                new PairCosts(
                        TokenLearning.ofTexts(
                                words,
                                text -> preflight.embed(
                                        target,
                                        workload.inputType().orElseThrow(),
                                        format.encodingFormat(),
                                        format.truncate(),
                                        text)),
                        PairCounting.UNKNOWN);
            case RERANKING ->
                TokenLearning.ofPairs(
                        words, (query, passages) -> preflight.rank(target, format.truncate(), query, passages));
        };
    }
}
