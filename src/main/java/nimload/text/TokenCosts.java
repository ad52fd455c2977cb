package nimload.text;

import java.util.List;

/**
 * What a server's token count of a text is made of: {@code overhead + the number of words}, for texts of these words.
 *
 * @param overhead tokens that the server adds to a text of its own: start and end tokens, prefixes; for a pair, what it
 *     adds to query and passage together
 * @param words words of one token each, in any order and at any place
 * @param verified whether the server's own {@code usage} said so; if not, these are assumptions
 */
public record TokenCosts(int overhead, List<String> words, boolean verified) {
    public TokenCosts {
        words = List.copyOf(words);
    }
}
