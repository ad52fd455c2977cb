package nimload.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * One level of the grid: a shape of request and how many are kept in flight. Identifies the level everywhere.
 *
 * @param inputTokens tokens of each text as the server counts them; for reranking a passage's share of a pair
 * @param queryTokens for reranking the query's share of a pair, else 0
 * @param items texts in an embedding request, or passages in a reranking request
 * @param concurrency requests in flight, each user sending again after its answer
 */
public record LoadPoint(
        Workload workload,
        int inputTokens,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int queryTokens,
        @JsonProperty("itemsPerRequest") int items,
        int concurrency) {

    public LoadPoint {
        Objects.requireNonNull(workload, "workload is missing");
    }

    /** What its requests look like. */
    public Shape shape() {
        return new Shape(workload, inputTokens, queryTokens, items);
    }

    /** The same requests with another number of them in flight. */
    public LoadPoint atConcurrency(int other) {
        return new LoadPoint(workload, inputTokens, queryTokens, items, other);
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
        return switch (workload) {
            case QUERY, PASSAGE ->
                "%s %d c=%d (%s)".formatted(workload.key(), inputTokens, concurrency, workload.counted(items));
            case RERANKING -> "rerank %dp c=%d (%d+%d tokens)".formatted(items, concurrency, queryTokens, inputTokens);
        };
    }

    /** For prose: {@code query, 20 tokens, 1 text, concurrency 3}. */
    public String description() {
        return shape().description() + ", concurrency " + concurrency;
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
