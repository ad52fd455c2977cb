package nimload.nim;

/** How large a right answer can be; a larger one is not read. */
public final class AnswerSize {
    private static final long KIB = 1024;

    /** What is written around the items: model, usage, and what else a server or gateway adds. */
    private static final long FRAME = 64 * KIB;

    /** Twice the largest of today's models (4,096 in NV-Embed-v1). */
    private static final long DIMENSIONS = 8192;

    /** The longest double in JSON is -1.2345678901234567E-308; then a comma and a blank. Base64 takes under 6. */
    private static final long BYTES_PER_NUMBER = 26;

    /** Some servers return the passage with its logit: 8,192 tokens of text, with escapes. */
    private static final long BYTES_PER_RANKING = 64 * KIB;

    /** So that no limit is near what is usual, whatever a server adds to a small answer. */
    private static final long LEAST = 1024 * KIB;

    private AnswerSize() {}

    /** In bytes: several times the largest answer that is plausible for this number of texts or passages. */
    public static long limit(NimKind nim, int items) {
        long perItem = switch (nim) {
            case EMBEDDING -> DIMENSIONS * BYTES_PER_NUMBER;
            case RERANKING -> BYTES_PER_RANKING;
        };
        return Math.max(LEAST, items * perItem + FRAME);
    }
}
