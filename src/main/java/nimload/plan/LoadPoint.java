package nimload.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One level of the grid: a shape of request and how many are kept in flight. Identifies the level everywhere.
 *
 * @param inputTokens tokens of each text as the server counts them; for reranking a passage's share of a pair. The mean where
 *     there is a spread
 * @param spread standard deviation of {@code inputTokens} over the texts; 0 if all have the same length
 * @param queryTokens for reranking the query's share of a pair, else 0
 * @param items texts in an embedding request, or passages in a reranking request
 * @param concurrency requests in flight, each user sending again after its answer; at a rate the most that may be in
 *     flight, 0 without such a limit
 */
public record LoadPoint(
        Workload workload,
        int inputTokens,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int spread,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int queryTokens,
        @JsonProperty("itemsPerRequest") int items,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int concurrency,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Load load) {

    public LoadPoint {
        Objects.requireNonNull(workload, "workload is missing");
        load = load == null ? Load.CLOSED : load;
    }

    /** Texts of one length, sent by users who wait for their answers. */
    public LoadPoint(Workload workload, int inputTokens, int queryTokens, int items, int concurrency) {
        this(workload, inputTokens, 0, queryTokens, items, concurrency, Load.CLOSED);
    }

    /** What its requests look like. */
    public Shape shape() {
        return new Shape(workload, inputTokens, spread, queryTokens, items, load);
    }

    /** The same requests with another number of them in flight. */
    public LoadPoint atConcurrency(int other) {
        return new LoadPoint(workload, inputTokens, spread, queryTokens, items, other, load);
    }

    /** The same number for the same level in every JVM, which a record's hash code is not. */
    public int number() {
        return Objects.hash(workload.ordinal(), inputTokens, queryTokens, items, concurrency);
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
        String sent = Stream.of(concurrency > 0 ? "c=" + concurrency : "", load.text())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        return switch (workload) {
            case QUERY, PASSAGE ->
                "%s %d%s %s (%s)".formatted(workload.key(), inputTokens, tilde(), sent, workload.counted(items));
            case RERANKING ->
                "rerank %dp %s (%d+%d%s tokens)".formatted(items, sent, queryTokens, inputTokens, tilde());
        };
    }

    private String tilde() {
        return spread > 0 ? "~" + spread : "";
    }

    /** For prose: {@code query, 20 tokens, 1 text, concurrency 3} or {@code query, 20 tokens, 1 text, 5/s poisson}. */
    public String description() {
        return shape().description() + (concurrency > 0 ? ", concurrency " + concurrency : "");
    }

    /** The line at the start of the level, as users of the former script know it. */
    public String announcement() {
        return switch (workload) {
            case QUERY, PASSAGE ->
                "▶ Running: input_type=%s, tokens=%d, batch=%d, concurrency=%d"
                        .formatted(workload.key(), inputTokens, items, concurrency);
            case RERANKING ->
                "▶ Running reranking test: passages=%d, batch=1, concurrency=%d".formatted(items, concurrency);
        };
    }
}
