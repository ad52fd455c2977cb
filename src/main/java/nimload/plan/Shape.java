package nimload.plan;

/**
 * What a level's requests look like and what their sending depends on, whatever their concurrency.
 *
 * @param inputTokens tokens of each text as the server counts them; for reranking a passage's share of a pair. The mean where
 *     there is a spread
 * @param spread standard deviation of {@code inputTokens} over the texts; 0 if all have the same length
 * @param queryTokens for reranking the query's share of a pair, else 0; 0 too where an imported file does not say
 * @param items texts in an embedding request, or passages in a reranking request
 */
public record Shape(Workload workload, int inputTokens, int spread, int queryTokens, int items, Load load) {

    /** Texts of one length, sent by users who wait for their answers. */
    public Shape(Workload workload, int inputTokens, int queryTokens, int items) {
        this(workload, inputTokens, 0, queryTokens, items, Load.CLOSED);
    }

    /** {@code 20 tokens}, {@code 300~60 tokens}, {@code 512+512 tokens}: the query's and a passage's. */
    public String tokens() {
        return (queryTokens > 0 ? queryTokens + "+" : "") + inputTokens + (spread > 0 ? "~" + spread : "") + " tokens";
    }

    /** {@code 20 tokens, 1 text}, {@code 512+512 tokens, 10 passages} or {@code 20 tokens, 1 text, 5/s poisson}. */
    public String label() {
        return tokens() + ", " + workload.counted(items) + (load.closed() ? "" : ", " + load.text());
    }

    /** {@code query, 20 tokens, 1 text}. */
    public String description() {
        return workload.key() + ", " + label();
    }
}
