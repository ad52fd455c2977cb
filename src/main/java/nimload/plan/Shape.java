package nimload.plan;

import java.util.Optional;

/**
 * What a level's requests look like and what their sending depends on, whatever their concurrency.
 *
 * @param inputTokens tokens of each text as the server counts them; for reranking a passage's share of a pair; 0 for the
 *     user's own texts
 * @param spread standard deviation of {@code inputTokens}, which then is the mean; 0: all texts have the same length
 * @param queryTokens for reranking the query's share of a pair, else 0; 0 too where an imported file does not say
 * @param items texts in an embedding request, or passages in a reranking request; 0: as many as the user's file has
 * @param texts the user's own; empty: nimload makes them
 * @param during as in {@link LoadPoint}
 */
public record Shape(
        Workload workload,
        int inputTokens,
        int spread,
        int queryTokens,
        int items,
        Load load,
        Optional<OwnTexts> texts,
        String during) {

    /** Texts of one length that nimload makes, sent by users who wait for their answers. */
    public Shape(Workload workload, int inputTokens, int queryTokens, int items) {
        this(workload, inputTokens, 0, queryTokens, items, Load.CLOSED, Optional.empty(), "");
    }

    /** {@code 300}, or {@code 300~60} where lengths scatter. */
    public String length() {
        return inputTokens + (spread > 0 ? "~" + spread : "");
    }

    /**
     * {@code 20 tokens}, {@code 300~60 tokens}, {@code 512+512 tokens} (the query's and a passage's), or {@code texts of
     * my.jsonl}.
     */
    public String tokens() {
        return texts.map(own -> "texts of " + own.file())
                .orElseGet(() -> (queryTokens > 0 ? queryTokens + "+" : "") + length() + " tokens");
    }

    /** {@code 10 passages}; for lines of different numbers {@code passages of 1 line}. */
    String counted() {
        return items > 0
                ? workload.counted(items)
                : workload.sent() + "s of "
                        + lines(texts.map(OwnTexts::linesPerRequest).orElse(1));
    }

    private static String lines(int count) {
        return count + (count == 1 ? " line" : " lines");
    }

    /** {@code 20 tokens, 1 text}, {@code 512+512 tokens, 10 passages} or {@code 20 tokens, 1 text, 5/s poisson}. */
    public String label() {
        return requests() + (during.isEmpty() ? "" : ", " + during);
    }

    String requests() {
        return tokens() + ", " + counted() + (load.closed() ? "" : ", " + load.text());
    }

    /** {@code query, 20 tokens, 1 text}. */
    public String description() {
        return workload.key() + ", " + label();
    }
}
