package nimload.emulator;

import nimload.nim.InputType;

/**
 * Counts tokens by a rule that imitates a sub-word tokenizer: each started run of eight letters or digits in a word is
 * one token, and so is every other character that is not white space. Special tokens and prefixes of the models count
 * too.
 */
final class TokenCounter {
    private static final int LETTERS_PER_TOKEN = 8;

    /** Start and end token; the prefix {@code query:} or {@code passage:} is counted as text. */
    private static final int EMBEDDING_SPECIALS = 2;

    private static final String PAIR_TEMPLATE = "question: passage:";
    private static final int PAIR_SPECIALS = 2;

    private TokenCounter() {}

    /** Tokens of a text embedded as {@code type}. */
    static int ofText(InputType type, String text) {
        return EMBEDDING_SPECIALS + count(type.wire() + ":") + count(text);
    }

    /** Tokens of a query and a passage that the ranking model reads together. */
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
