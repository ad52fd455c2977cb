package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.emulator.TimesFile;
import nimload.nim.NimKind;
import nimload.nim.ServerText;
import nimload.nim.WireForm;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.NimClient;
import nimload.preflight.Preflight;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.preflight.WaitClock;
import nimload.run.Body.Arrangement;
import nimload.text.CommonWords;
import nimload.text.TokenLearning;
import nimload.text.TokenLearning.PairCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * The NIMs of a run: asked whether they can serve it, and what words cost in their tokens. Without an address for either, the
 * embedded NIM is started.
 *
 * @param balancers those whose one address several servers share
 * @param requests builds those of each workload that will run
 * @param trial which levels of these workloads the NIMs take
 * @param notes on workloads that will not run, and on what the servers did before the load
 */
record Nims(
        Map<NimKind, Target> targets,
        Map<NimKind, Balancer> balancers,
        Map<Workload, RequestFactory> requests,
        LevelTrial trial,
        List<String> notes) {
    /** Longer than a NIM takes for any request; a hopeless run is to end soon. */
    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(60);

    /** Its texts are not those of a level, which a server could remember. */
    private static final int TRIAL_SERIES = -1;

    /** For single requests next to the load. */
    static NimClient client(Settings settings, NimKind kind) {
        return new NimClient(Trust.context(settings.tls()), settings.headers(kind));
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
                settings.nims().values().stream().allMatch(nim -> nim.urls().isEmpty());
        Map<NimKind, List<URI>> urls = embedded ? embeddedUrls(instructions.times()) : urls(settings);
        Set<Workload> wanted = EnumSet.copyOf(workloads);
        wanted.retainAll(settings.workloads());
        Set<Workload> available = available(wanted, urls);
        Map<NimKind, Preflight> preflights = new EnumMap<>(NimKind.class);
        available.forEach(workload -> preflights.computeIfAbsent(
                workload.nim(),
                kind -> embedded ? Preflight.ofEmbedded(client(settings, kind)) : preflight(settings, kind, progress)));
        Map<NimKind, Target> targets = new EnumMap<>(NimKind.class);
        Map<Workload, RequestFactory> requests = new EnumMap<>(Workload.class);
        for (Workload workload : available) {
            Preflight preflight = preflights.get(workload.nim());
            Target target = targets.computeIfAbsent(
                    workload.nim(),
                    kind -> seen(
                            workload,
                            preflight.find(
                                    settings.requests().form(kind),
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
            NimKind kind = point.workload().nim();
            Body largest = requests.get(point.workload()).largestBody(point, TRIAL_SERIES);
            return preflights
                    .get(kind)
                    .refusal(
                            targets.get(kind),
                            settings.requests().form(kind),
                            largest.bytes(),
                            largest.items(),
                            limit.compareTo(LONGEST_TRIAL) < 0 ? limit : LONGEST_TRIAL,
                            words -> point.texts().isPresent() ? ServerText.withoutTexts(words) : words);
        });
        trial.largest()
                .forEach((workload, largest) -> targets.computeIfPresent(
                        workload.nim(),
                        (kind, target) -> target.and(Map.of("largestBatch." + workload.key(), largest.label()))));
        Map<NimKind, Balancer> balancers = embedded ? Map.of() : balancers(targets, requests, planned, settings);
        List<String> notes = new ArrayList<>(notes(wanted, available, embedded));
        workloads.stream()
                .filter(workload -> !settings.grids().containsKey(workload))
                .map(workload -> workload.key() + " was not run: the grid has no levels of it")
                .forEach(notes::add);
        preflights.values().forEach(preflight -> notes.addAll(preflight.notes()));
        balancers.forEach((kind, balancer) -> notes.add(balancer.note(kind.key())));
        notes.addAll(trial.notes());
        return new Nims(targets, balancers, requests, trial, notes);
    }

    private static Preflight preflight(Settings settings, NimKind kind, Consumer<String> progress) {
        Duration wait = settings.timing().patience().orElse(Duration.ZERO);
        return new Preflight(client(settings, kind), wait, WaitClock.SYSTEM, progress);
    }

    private static Map<NimKind, List<URI>> urls(Settings settings) {
        Map<NimKind, List<URI>> urls = new EnumMap<>(NimKind.class);
        settings.nims().forEach((kind, nim) -> {
            if (!nim.urls().isEmpty()) {
                urls.put(
                        kind,
                        nim.replicas() == Settings.Replicas.DNS
                                ? Addresses.of("nim." + kind.key(), nim.urls().get(0))
                                : nim.urls());
            }
        });
        return urls;
    }

    private static Map<NimKind, List<URI>> embeddedUrls(Optional<TimesFile> given) {
        TimesFile times = given.orElse(TimesFile.H200);
        URI url = EmbeddedNim.start(0, times).url();
        Map<NimKind, List<URI>> urls = new EnumMap<>(NimKind.class);
        times.times().keySet().forEach(kind -> urls.put(kind, List.of(url)));
        return urls;
    }

    private static Set<Workload> available(Set<Workload> wanted, Map<NimKind, List<URI>> urls) {
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

    private static List<String> notes(Set<Workload> wanted, Set<Workload> available, boolean embedded) {
        return wanted.stream()
                .filter(workload -> !available.contains(workload))
                .map(workload -> workload.key() + " was not run: "
                        + (embedded
                                ? "nim.embedded.times has no times for it"
                                : "nim." + workload.nim().key() + ".url is not given"))
                .toList();
    }

    /** Where each replica has its own URL, none is looked for behind it. */
    private static Map<NimKind, Balancer> balancers(
            Map<NimKind, Target> targets,
            Map<Workload, RequestFactory> requests,
            List<LoadPoint> planned,
            Settings settings) {
        Map<NimKind, Balancer> balancers = new EnumMap<>(NimKind.class);
        targets.forEach((kind, target) -> {
            if (target.replicas().size() > 1) {
                return;
            }
            LoadPoint smallest = smallest(planned, kind);
            byte[] body = requests.get(smallest.workload())
                    .body(smallest, TRIAL_SERIES, 1, Arrangement.WHOLE)
                    .bytes();
            WireForm form = settings.requests().form(kind);
            Balancer.seen(target.url(), () -> client(settings, kind), client -> post(client, target, form, body))
                    .ifPresent(balancer -> balancers.put(kind, balancer));
        });
        return balancers;
    }

    private static void post(NimClient client, Target target, WireForm form, byte[] body) {
        try {
            client.post(target.url(), form.route(), body, LONGEST_TRIAL);
        } catch (UserError e) {
            // The trial of the levels' largest requests has shown that it answers.
        }
    }

    /** The level with the smallest requests to a NIM. */
    static LoadPoint smallest(List<LoadPoint> points, NimKind kind) {
        return points.stream()
                .filter(point -> point.workload().nim() == kind)
                .min(Comparator.comparingLong(RequestFactory::bytesOf))
                .orElseThrow();
    }

    /** @throws UserError if the replicas answer differently */
    private static Target seen(Workload workload, Target target, Settings.Requests format, Preflight preflight) {
        Target first = seenOne(workload, target, format, preflight);
        for (URI replica : target.replicas().subList(1, target.replicas().size())) {
            Target other = seenOne(workload, target.only(replica), format, preflight);
            if (!words(other).equals(words(first))) {
                throw new UserError(workload.nim().key() + ": the replicas " + target.url() + " and " + replica
                        + " answer the same text differently (" + words(first) + ", " + words(other)
                        + "); give replicas of one model only");
            }
        }
        return first;
    }

    /** Without the length of the vector, of which the last digits differ between GPUs. */
    private static String words(Target target) {
        return target.answers()
                .map(answers -> answers.vectors()
                                .map(vectors -> vectors.dimensions() + " numbers, ")
                                .orElse("")
                        + "model " + answers.model().map(ServerText::oneLine).orElse("not named"))
                .orElse("not known");
    }

    private static Target seenOne(Workload workload, Target target, Settings.Requests format, Preflight preflight) {
        return switch (workload.nim()) {
            case EMBEDDING ->
                preflight.seenEmbedding(
                        target, format.embedding(), workload.inputType().orElseThrow());
            case RERANKING -> preflight.seenRanking(target, format.ranking());
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
                                        format.embedding(),
                                        workload.inputType().orElseThrow(),
                                        text)),
                        PairCounting.UNKNOWN);
            case RERANKING ->
                TokenLearning.ofPairs(
                        words, (query, passages) -> preflight.rank(target, format.ranking(), query, passages));
        };
    }
}
