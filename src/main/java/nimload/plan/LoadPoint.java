package nimload.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One level of the grid: a shape of request and how many are kept in flight. Identifies the level everywhere.
 *
 * @param inputTokens tokens of each text as the server counts them; for reranking a passage's share of a pair; 0 for the
 *     user's own texts
 * @param spread standard deviation of {@code inputTokens}, which then is the mean; 0: all texts have the same length
 * @param queryTokens for reranking the query's share of a pair, else 0
 * @param items texts in an embedding request, or passages in a reranking request; 0: as many as the user's file has
 * @param concurrency requests in flight, each user sending again after its answer; at a rate the most that may be in
 *     flight, 0 without such a limit
 * @param texts the user's own; empty: nimload makes them
 * @param during what else goes on while it runs, e.g. {@code searches, ingestion on}: its requests are then one part of that;
 *     empty for a level that runs alone
 */
public record LoadPoint(
        Workload workload,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int inputTokens,

        @JsonProperty("inputTokensSpread") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int spread,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int queryTokens,

        @JsonProperty("itemsPerRequest") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int items,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int concurrency,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Load load,
        Optional<OwnTexts> texts,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String during) {

    public LoadPoint {
        Objects.requireNonNull(workload, "workload is missing");
        load = load == null ? Load.CLOSED : load;
        texts = texts == null ? Optional.empty() : texts;
        during = during == null ? "" : during;
    }

    /** A level that runs alone. */
    public LoadPoint(
            Workload workload,
            int inputTokens,
            int spread,
            int queryTokens,
            int items,
            int concurrency,
            Load load,
            Optional<OwnTexts> texts) {
        this(workload, inputTokens, spread, queryTokens, items, concurrency, load, texts, "");
    }

    /** Texts of one length that nimload makes, sent by users who wait for their answers. */
    public LoadPoint(Workload workload, int inputTokens, int queryTokens, int items, int concurrency) {
        this(workload, inputTokens, 0, queryTokens, items, concurrency, Load.CLOSED, Optional.empty());
    }

    /** What its requests look like. */
    public Shape shape() {
        return new Shape(workload, inputTokens, spread, queryTokens, items, load, texts, during);
    }

    /** The same requests with another number of them in flight. */
    public LoadPoint atConcurrency(int other) {
        return new LoadPoint(workload, inputTokens, spread, queryTokens, items, other, load, texts, during);
    }

    /** The same requests, arriving at a rate, with at most as many of them in flight as here. */
    public LoadPoint at(Load other) {
        return new LoadPoint(workload, inputTokens, spread, queryTokens, items, concurrency, other, texts, during);
    }

    /** The same requests while something else goes on. */
    public LoadPoint during(String other) {
        return new LoadPoint(workload, inputTokens, spread, queryTokens, items, concurrency, load, texts, other);
    }

    /** The same passages, ranked against a query of another length. */
    public LoadPoint withQueryTokens(int other) {
        return new LoadPoint(workload, inputTokens, spread, other, items, concurrency, load, texts, during);
    }

    /** Whether its users do nothing but send its requests. */
    public boolean alone() {
        return during.isEmpty();
    }

    /** The same requests in the closed model: itself, or of an open one by one user. */
    public LoadPoint closed() {
        return load.closed() ? this : atConcurrency(1).at(Load.CLOSED);
    }

    /** The same number for the same requests in every JVM, which a record's hash code is not. */
    public int number() {
        int closed = Objects.hash(workload.ordinal(), inputTokens, queryTokens, items, concurrency) + 31 * spread;
        return load.closed() ? closed : 31 * closed + Double.hashCode(load.requestsPerSecond());
    }

    /** Tokens of one text, or of one (query, passage) pair, as the server is to count them. */
    public int tokensPerItem() {
        return inputTokens + queryTokens;
    }

    /**
     * The name in Gatling's report, unique in a grid. Its first 16 characters tell the levels of the published grid
     * apart, since the report's menu cuts there.
     */
    public String name() {
        Shape shape = shape();
        String sent = Stream.of(concurrency > 0 ? "c=" + concurrency : "", load.text())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        return requests(shape, sent) + (during.isEmpty() ? "" : ", " + during);
    }

    private String requests(Shape shape, String sent) {
        if (texts.isPresent()) {
            return "%s %s (%s)"
                    .formatted(workload == Workload.RERANKING ? "rerank" : workload.key(), sent, shape.requests());
        }
        return switch (workload) {
            case QUERY, PASSAGE -> "%s %s %s (%s)".formatted(workload.key(), shape.length(), sent, shape.counted());
            case RERANKING -> "rerank %dp %s (%d+%s tokens)".formatted(items, sent, queryTokens, shape.length());
        };
    }

    /** For a column: the concurrency, or for requests that arrive at a rate {@code 20/s}. */
    public String loadText() {
        return load.closed() ? Integer.toString(concurrency) : load.rateText();
    }

    /** For prose: {@code query, 20 tokens, 1 text, concurrency 3} or {@code query, 20 tokens, 1 text, 5/s poisson}. */
    public String description() {
        return shape().description() + (concurrency > 0 ? ", concurrency " + concurrency : "");
    }

    /** The line at the start of the level, as users of the former script know it. */
    public String announcement() {
        return switch (workload) {
            case QUERY, PASSAGE ->
                "▶ Running: input_type=%s, %s, batch=%s, %s"
                        .formatted(workload.key(), lengthSetting(), itemsText(), loadSetting());
            case RERANKING ->
                "▶ Running reranking test: %spassages=%s, batch=1, %s"
                        .formatted(texts.isPresent() ? lengthSetting() + ", " : "", itemsText(), loadSetting());
        };
    }

    private String lengthSetting() {
        return texts.map(own -> "texts=" + own.file()).orElseGet(() -> "tokens=" + shape().length());
    }

    private String loadSetting() {
        return load.closed() ? "concurrency=" + concurrency : "rate=" + load.text();
    }

    private String itemsText() {
        return items == 0 ? "as in the file" : Integer.toString(items);
    }
}
