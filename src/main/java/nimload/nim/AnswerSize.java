package nimload.nim;

import java.util.OptionalInt;

/** How large a right answer can be; a larger one is not read. */
final class AnswerSize {
    private static final long KIB = 1024;

    /** What is written around the items: model, usage, and what else a server or gateway adds. */
    private static final long FRAME = 64 * KIB;

    /** Twice the largest of today's models (4,096 in NV-Embed-v1). */
    private static final long DIMENSIONS = 8192;

    /** The longest double in JSON is -1.2345678901234567E-308; then a comma and a blank. Base64 takes under 6. */
    private static final long BYTES_PER_NUMBER = 26;

    /** Some servers return the passage with its logit: 32,768 tokens of text, with escapes. */
    private static final long BYTES_PER_RANKING = 256 * KIB;

    /** So that no limit is near what is usual, whatever a server adds to a small answer. */
    private static final long LEAST = 1024 * KIB;

    private AnswerSize() {}

    /**
     * In bytes: several times the largest answer that is plausible for this number of texts.
     *
     * @param dimensions of the vectors, if they were asked for
     */
    static long ofVectors(int texts, OptionalInt dimensions) {
        return limit(texts, Math.max(DIMENSIONS, dimensions.orElse(0)) * BYTES_PER_NUMBER);
    }

    /** In bytes: several times the largest answer that is plausible for this number of passages. */
    static long ofRanking(int passages) {
        return limit(passages, BYTES_PER_RANKING);
    }

    private static long limit(int items, long perItem) {
        return Math.max(LEAST, items * perItem + FRAME);
    }
}
