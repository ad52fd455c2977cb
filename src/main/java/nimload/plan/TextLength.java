package nimload.plan;

/**
 * How many tokens the texts of a level have, as the server counts them.
 *
 * @param tokens of each text; with a spread their mean
 * @param spread standard deviation of a normal distribution, in tokens; 0: all texts have the same length
 */
public record TextLength(int tokens, int spread) {
    /** No embedding model accepts fewer: room for the special tokens and a word. */
    public static final int FEWEST = 8;

    public static final int MOST = 32_768;

    /** Lengths further from the mean, in standard deviations, are drawn again: 3 in 1,000. */
    private static final int FARTHEST = 3;

    public static TextLength exactly(int tokens) {
        return new TextLength(tokens, 0);
    }

    /** The shortest that is drawn. */
    public int shortest() {
        return Math.max(FEWEST, tokens - FARTHEST * spread);
    }

    /** The longest that is drawn. */
    public int longest() {
        return Math.min(MOST, tokens + FARTHEST * spread);
    }

    /** As in settings: {@code 300} or {@code 300~60}. */
    @Override
    public String toString() {
        return tokens + (spread == 0 ? "" : "~" + spread);
    }
}
