package nimload.plan;

/**
 * What a level's requests look like, whatever their concurrency.
 *
 * @param inputTokens tokens of each text as the server counts them; for reranking a passage's share of a pair
 * @param queryTokens for reranking the query's share of a pair, else 0; 0 too where an imported file does not say
 * @param items texts in an embedding request, or passages in a reranking request
 */
public record Shape(Workload workload, int inputTokens, int queryTokens, int items) {

    /** {@code 20 tokens}, {@code 512+512 tokens}: the query's and a passage's. */
    public String tokens() {
        return (queryTokens > 0 ? queryTokens + "+" : "") + inputTokens + " tokens";
    }

    /** {@code 20 tokens, 1 text} or {@code 512+512 tokens, 10 passages}. */
    public String label() {
        return tokens() + ", " + workload.counted(items);
    }

    /** {@code query, 20 tokens, 1 text}. */
    public String description() {
        return workload.key() + ", " + label();
    }
}
