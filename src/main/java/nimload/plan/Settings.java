package nimload.plan;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import nimload.UserError;
import nimload.nim.EncodingFormat;
import nimload.nim.RankingRequest;
import nimload.nim.Truncate;
import nimload.plan.SettingValues.Given;

/**
 * Every setting of a run, checked.
 *
 * @param embeddingUrl base URL of the embedding NIM; empty with an empty {@code rerankingUrl} means the embedded NIM
 * @param rerankingUrl base URL of the reranking NIM
 * @param embeddingModel empty: what the NIM lists
 * @param rerankingModel empty: what the NIM lists
 * @param apiKey sent as Bearer where given
 * @param tls how servers are trusted
 * @param workloads those asked for, before it is known which NIMs there are
 * @param grids the levels of every workload
 * @param duration the measured part of a level; empty: depends on whether the target is the embedded NIM
 * @param warmUp sent first and not counted; empty likewise
 * @param requestTimeout from send to last byte; after it the request is an error
 * @param seed of the texts: the same seed sends the same texts
 * @param rehearsal whether the client's code is run hot before the first level
 * @param repeat how often the whole grid runs
 * @param calibrate whether it is measured what this client adds to each level
 * @param slo file of limits; empty: the one that comes with nimload, if any
 * @param baseline results.json of a finished run, or its directory, to compare with
 * @param baselineAllowDifferent whether to compare what is not alike
 * @param maxRegression share by which a level may be worse than in the baseline, 0.05 = 5 %
 * @param strict whether levels that are not valid fail the build
 * @param results the directory under which each run makes its own
 * @param given what the user gave, by name, to be shown; the API key as stars
 */
public record Settings(
        Optional<URI> embeddingUrl,
        Optional<URI> rerankingUrl,
        Optional<String> embeddingModel,
        Optional<String> rerankingModel,
        Optional<ApiKey> apiKey,
        Tls tls,
        Set<Workload> workloads,
        Map<Workload, WorkloadGrid> grids,
        Optional<Duration> duration,
        Optional<Duration> warmUp,
        EncodingFormat encodingFormat,
        Truncate truncate,
        Duration requestTimeout,
        long seed,
        boolean rehearsal,
        int repeat,
        boolean calibrate,
        Optional<Path> slo,
        Optional<Path> baseline,
        boolean baselineAllowDifferent,
        OptionalDouble maxRegression,
        boolean strict,
        Path results,
        Map<String, String> given) {

    /**
     * @param caFile PEM certificates to trust instead of the JVM's own
     * @param insecure trust any server
     */
    public record Tls(Optional<Path> caFile, boolean insecure) {}

    /** No embedding model takes fewer: room for the special tokens and a word. */
    private static final int MIN_TOKENS = 8;

    private static final int MAX_TOKENS = 8192;
    private static final int MAX_BATCH = 1024;
    private static final int MAX_CONCURRENCY = 4096;
    private static final int MAX_REPEATS = 100;

    public Settings {
        workloads = Set.copyOf(workloads);
        grids = Map.copyOf(grids);
        given = Map.copyOf(given);
    }

    /**
     * @param published the levels where the user gives none
     * @throws UserError for the first value that is not right
     */
    public static Settings parse(SettingValues values, Map<Workload, WorkloadGrid> published) {
        boolean insecure =
                read(values, Setting.TLS_INSECURE, SettingParser::bool).orElse(false);
        Optional<Path> caFile = read(values, Setting.TLS_CA, Settings::path);
        if (insecure && caFile.isPresent()) {
            throw new UserError("nim.tls.ca and nim.tls.insecure=true contradict each other; give one of them");
        }
        Optional<Path> baseline = read(values, Setting.BASELINE, Settings::path);
        OptionalDouble maxRegression = read(values, Setting.MAX_REGRESSION, SettingParser::percent)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
        if (maxRegression.isPresent() && baseline.isEmpty()) {
            throw new UserError("nim.maxRegression needs a run to compare with; give -Dnim.baseline=…/results.json");
        }
        Map<Workload, WorkloadGrid> grids = new EnumMap<>(Workload.class);
        grids.put(
                Workload.QUERY,
                embeddingGrid(
                        values,
                        published.get(Workload.QUERY),
                        Setting.QUERY_TOKENS,
                        Setting.QUERY_BATCH,
                        Setting.QUERY_CONCURRENCY));
        grids.put(
                Workload.PASSAGE,
                embeddingGrid(
                        values,
                        published.get(Workload.PASSAGE),
                        Setting.PASSAGE_TOKENS,
                        Setting.PASSAGE_BATCH,
                        Setting.PASSAGE_CONCURRENCY));
        grids.put(Workload.RERANKING, rerankingGrid(values, published.get(Workload.RERANKING)));
        return new Settings(
                read(values, Setting.EMBEDDING_URL, SettingParser::baseUrl),
                read(values, Setting.RERANKING_URL, SettingParser::baseUrl),
                read(values, Setting.EMBEDDING_MODEL, Given::value),
                read(values, Setting.RERANKING_MODEL, Given::value),
                read(values, Setting.API_KEY, Given::value).map(ApiKey::new),
                new Tls(caFile, insecure),
                read(values, Setting.WORKLOADS, SettingParser::workloads).orElse(EnumSet.allOf(Workload.class)),
                grids,
                read(values, Setting.DURATION, given -> SettingParser.duration(given, Duration.ofMillis(100))),
                read(values, Setting.WARM_UP, given -> SettingParser.duration(given, Duration.ZERO)),
                read(
                                values,
                                Setting.ENCODING_FORMAT,
                                given -> SettingParser.oneOf(given, EncodingFormat.values(), EncodingFormat::wire))
                        .orElse(EncodingFormat.FLOAT),
                read(values, Setting.TRUNCATE, given -> SettingParser.oneOf(given, Truncate.values(), Truncate::name))
                        .orElse(Truncate.END),
                read(values, Setting.REQUEST_TIMEOUT, given -> SettingParser.duration(given, Duration.ofMillis(100)))
                        .orElse(Duration.ofSeconds(60)),
                read(values, Setting.SEED, SettingParser::seed).orElse(1L),
                read(values, Setting.REHEARSAL, SettingParser::bool).orElse(true),
                read(values, Setting.REPEAT, given -> SettingParser.wholeNumber(given, 1, MAX_REPEATS))
                        .orElse(1),
                read(values, Setting.CALIBRATE, SettingParser::bool).orElse(true),
                read(values, Setting.SLO, Settings::path),
                baseline,
                read(values, Setting.BASELINE_ALLOW_DIFFERENT, SettingParser::bool)
                        .orElse(false),
                maxRegression,
                read(values, Setting.STRICT, SettingParser::bool).orElse(false),
                read(values, Setting.RESULTS, Settings::path).orElse(Path.of("target", "nim-results")),
                values.shown());
    }

    /** The levels of the workloads that are both asked for and {@code available}, in the order of the workloads. */
    public List<LoadPoint> loadPoints(Set<Workload> available) {
        List<LoadPoint> points = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            if (workloads.contains(workload) && available.contains(workload)) {
                points.addAll(grids.get(workload).loadPoints());
            }
        }
        return points;
    }

    private static WorkloadGrid embeddingGrid(
            SettingValues values, WorkloadGrid published, Setting tokens, Setting batch, Setting concurrency) {
        return new WorkloadGrid(
                published.workload(),
                numbers(values, tokens, MIN_TOKENS, MAX_TOKENS).orElse(published.inputTokens()),
                0,
                numbers(values, batch, 1, MAX_BATCH).orElse(published.items()),
                numbers(values, concurrency, 1, MAX_CONCURRENCY).orElse(published.concurrency()));
    }

    private static WorkloadGrid rerankingGrid(SettingValues values, WorkloadGrid published) {
        return new WorkloadGrid(
                Workload.RERANKING,
                numbers(values, Setting.RERANKING_TOKENS, MIN_TOKENS, MAX_TOKENS)
                        .orElse(published.inputTokens()),
                read(values, Setting.RERANKING_QUERY_TOKENS, given -> SettingParser.wholeNumber(given, 1, MAX_TOKENS))
                        .orElse(published.queryTokens()),
                numbers(values, Setting.RERANKING_PASSAGES, 1, RankingRequest.MAX_PASSAGES)
                        .orElse(published.items()),
                numbers(values, Setting.RERANKING_CONCURRENCY, 1, MAX_CONCURRENCY)
                        .orElse(published.concurrency()));
    }

    private static Optional<List<Integer>> numbers(SettingValues values, Setting setting, int min, int max) {
        return read(values, setting, given -> SettingParser.wholeNumbers(given, min, max));
    }

    private static Path path(Given given) {
        try {
            return Path.of(given.value());
        } catch (InvalidPathException e) {
            throw SettingParser.refused(given, "not a path (" + e.getReason() + ")", "give a path");
        }
    }

    private static <T> Optional<T> read(SettingValues values, Setting setting, Function<Given, T> parser) {
        return values.find(setting).map(parser);
    }
}
