package nimload.text;

import java.util.List;

/**
 * How a server counts the tokens of a text made of these words: {@code overhead + number of words}.
 *
 * @param overhead tokens that the server adds to each text, such as start and end tokens and prefixes; for a pair, to
 *     query and passage together
 * @param words cost one token each, in any order and anywhere in the text
 * @param verified whether the server's {@code usage} confirmed it; otherwise these are assumptions
 */
public record TokenCosts(int overhead, List<String> words, boolean verified) {
    public TokenCosts {
        words = List.copyOf(words);
    }
}
