package nimload.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Common English words, {@code simulations-data/common-words.txt}, the short ones first: most are one token to any tokenizer. */
public final class CommonWords {
    private static final String RESOURCE = "/common-words.txt";

    private CommonWords() {}

    public static List<String> load() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(CommonWords.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            return in.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable on the class path: " + RESOURCE, e);
        }
    }
}
