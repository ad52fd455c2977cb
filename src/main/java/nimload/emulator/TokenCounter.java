package nimload.emulator;

import nimload.nim.InputType;

/**
 * Counts tokens by a rule in the manner of a sub-word tokenizer: a word of up to eight letters or digits is one token and
 * each further eight are one more; every other sign that is not white space is one token. What the models put around a
 * text is counted as well.
 */
final class TokenCounter {
    private static final int LETTERS_PER_TOKEN = 8;

    /** The start and end tokens, and the prefix {@code query:} or {@code passage:}. */
    private static final int EMBEDDING_SPECIALS = 2;

    private static final String PAIR_TEMPLATE = "question: passage:";
    private static final int PAIR_SPECIALS = 2;

    private TokenCounter() {}

    /** Tokens of a text that is embedded as {@code type}. */
    static int ofText(InputType type, String text) {
        return EMBEDDING_SPECIALS + count(type.wire() + ":") + count(text);
    }

    /** Tokens of a query and a passage as the ranking model reads them together. */
    static int ofPair(String query, String passage) {
        return PAIR_SPECIALS + count(PAIR_TEMPLATE) + count(query) + count(passage);
    }

    static int count(String text) {
        int tokens = 0;
        int letters = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                if (letters++ % LETTERS_PER_TOKEN == 0) {
                    tokens++;
                }
            } else {
                letters = 0;
                if (!Character.isWhitespace(c)) {
                    tokens++;
                }
            }
        }
        return tokens;
    }
}
