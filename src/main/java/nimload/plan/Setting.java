package nimload.plan;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.Spelling;

/** The names of the settings, and the environment variables that stand for them. */
public enum Setting {
    EMBEDDING_URL("nim.embedding.url"),
    RERANKING_URL("nim.reranking.url"),
    EMBEDDING_MODEL("nim.embedding.model"),
    RERANKING_MODEL("nim.reranking.model"),
    ENDPOINTS("nim.endpoints"),
    /** Gatling Enterprise shows every variable to whoever may read a run, but those that begin with SENSITIVE_. */
    API_KEY("nim.apiKey", "SENSITIVE_NIM_API_KEY"),
    TLS_CA("nim.tls.ca"),
    TLS_INSECURE("nim.tls.insecure"),
    WORKLOADS("nim.workloads"),
    QUERY_TOKENS("nim.query.tokens"),
    QUERY_BATCH("nim.query.batch"),
    QUERY_CONCURRENCY("nim.query.concurrency"),
    PASSAGE_TOKENS("nim.passage.tokens"),
    PASSAGE_BATCH("nim.passage.batch"),
    PASSAGE_CONCURRENCY("nim.passage.concurrency"),
    RERANKING_TOKENS("nim.reranking.tokens"),
    RERANKING_QUERY_TOKENS("nim.reranking.queryTokens"),
    RERANKING_PASSAGES("nim.reranking.passages"),
    RERANKING_CONCURRENCY("nim.reranking.concurrency"),
    DURATION("nim.duration"),
    WARM_UP("nim.warmup"),
    ENCODING_FORMAT("nim.encodingFormat"),
    TRUNCATE("nim.truncate"),
    REQUEST_TIMEOUT("nim.requestTimeout"),
    SEED("nim.seed"),
    REHEARSAL("nim.rehearsal"),
    REPEAT("nim.repeat"),
    CALIBRATE("nim.calibrate"),
    SLO("nim.slo"),
    BASELINE("nim.baseline"),
    BASELINE_ALLOW_DIFFERENT("nim.baseline.allowDifferent"),
    MAX_REGRESSION("nim.maxRegression"),
    STRICT("nim.strict"),
    RESULTS("nim.results");

    /** Every setting begins so. */
    public static final String PREFIX = "nim.";

    private final String property;
    private final List<String> moreVariables;

    Setting(String property, String... moreVariables) {
        this.property = property;
        this.moreVariables = List.of(moreVariables);
    }

    /** As given with {@code -D}. */
    public String property() {
        return property;
    }

    /**
     * Upper case with underscores; where a part of the name is of two words, with and without one between them; then those
     * of its own.
     */
    public Set<String> environmentVariables() {
        String withoutDots = property.replace('.', '_');
        Stream<String> derived = Stream.of(withoutDots.replaceAll("([a-z])([A-Z])", "$1_$2"), withoutDots)
                .map(name -> name.toUpperCase(Locale.ROOT));
        return Stream.concat(derived, moreVariables.stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    public static Optional<Setting> of(String property) {
        return Arrays.stream(values())
                .filter(setting -> setting.property.equals(property))
                .findFirst();
    }

    /** The setting whose name is the fewest edits away from {@code unknown}. */
    public static Setting nearest(String unknown) {
        return of(Spelling.nearest(unknown, names())).orElseThrow();
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(Setting::property).toList();
    }
}
