package nimload.text;

import java.util.List;
import java.util.SplittableRandom;

/** Draws random texts of a given number of tokens; the same seed draws the same texts. */
public final class TextSource {
    private final List<String> words;
    private final SplittableRandom random;

    /** @param words that cost one token each, as {@link TokenCosts} lists them */
    public TextSource(List<String> words, long seed) {
        this.words = words;
        this.random = new SplittableRandom(seed);
    }

    /**
     * @param tokens in words, without the overhead that the server adds; at least 1
     * @throws IllegalArgumentException for fewer than 1 token
     */
    public String next(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("a text of " + tokens + " tokens; ask for at least 1");
        }
        StringBuilder text = new StringBuilder(tokens * 6);
        for (int i = 0; i < tokens; i++) {
            text.append(i == 0 ? "" : " ").append(words.get(random.nextInt(words.size())));
        }
        return text.toString();
    }

    /**
     * A length from a normal distribution. One that is out of bounds is drawn again.
     *
     * @param shortest at most the mean
     * @param longest at least the mean
     */
    public int nextLength(int mean, int standardDeviation, int shortest, int longest) {
        while (true) {
            long length = Math.round(mean + standardDeviation * random.nextGaussian());
            if (length >= shortest && length <= longest) {
                return (int) length;
            }
        }
    }
}
