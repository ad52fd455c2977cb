package nimload.run;

import java.net.URI;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.nim.InputType;
import nimload.nim.Routes;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.NimClient;
import nimload.preflight.Preflight;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning;
import nimload.text.TokenLearning.PairCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * The NIMs of a run: asked whether they can serve it, and what words cost in their tokens. Without an address for any, the
 * embedded NIM is started.
 *
 * @param targets by the NIM's kind, {@code embedding} and {@code reranking}
 * @param byWorkload what serves each workload that will run
 * @param notes on workloads that will not
 */
record Nims(Map<String, Target> targets, Map<Workload, Prepared> byWorkload, List<String> notes) {
    /** The NIM that serves a workload, and the way its tokens are counted. */
    record Prepared(Target target, String route, RequestFactory requests) {}

    boolean emulated() {
        return targets.values().stream().anyMatch(Target::emulated);
    }

    /** @throws UserError if one cannot serve the run, or no workload is left */
    static Nims prepare(Set<Workload> workloads, Settings settings) {
        Map<String, URI> urls = urls(settings);
        Set<Workload> wanted = EnumSet.copyOf(workloads);
        wanted.retainAll(settings.workloads());
        Set<Workload> available = available(wanted, urls);
        List<String> notes = wanted.stream()
                .filter(workload -> !available.contains(workload))
                .map(workload -> workload.key() + " was not run: nim." + kind(workload) + ".url is not given")
                .toList();
        Preflight preflight = new Preflight(new NimClient(Trust.context(settings.tls()), settings.apiKey()));
        Map<String, Target> targets = new LinkedHashMap<>();
        return new Nims(targets, prepare(available, urls, settings, preflight, targets), notes);
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

    private static Set<Workload> available(Set<Workload> wanted, Map<String, URI> urls) {
        Set<Workload> available = wanted.stream()
                .filter(workload -> urls.containsKey(kind(workload)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Workload.class)));
        if (available.isEmpty()) {
            throw new UserError("no workload to run: this simulation and nim.workloads leave "
                    + wanted.stream().map(Workload::key).toList() + ", and there is an address for "
                    + urls.keySet() + "; give -Dnim.embedding.url=…, -Dnim.reranking.url=… or other -Dnim.workloads=…");
        }
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
}
