package nimload.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Common English words from {@code simulations-data/common-words.txt}, short ones first: most tokenizers make one token
 * of each.
 */
public final class CommonWords {
    private static final String RESOURCE = "/common-words.txt";

    private CommonWords() {}

    public static List<String> load() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(CommonWords.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            return in.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + RESOURCE + " from the class path; build the project again", e);
        }
    }
}
