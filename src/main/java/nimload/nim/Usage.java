package nimload.nim;

import java.util.List;
import java.util.Optional;

/**
 * The server's token count of one request.
 *
 * @param promptTokens of all texts in the request, with special tokens and prefixes
 */
public record Usage(long promptTokens) {
    /** Of one request: more than any server reads in a day, and sums over a run stay far from the end of a long. */
    static final long MAX_TOKENS = 1_000_000_000_000L;

    private static final String PROMPT_TOKENS = "prompt_tokens";
    private static final String TOTAL_TOKENS = "total_tokens";
    private static final String INPUT_TOKENS = "input_tokens";

    /**
     * Takes the value of a field {@code usage}: {@code prompt_tokens} or, if they are missing, {@code total_tokens}, which
     * are the same where nothing is generated. Empty if neither is a whole number.
     *
     * @throws MalformedAnswer for a count that cannot be one
     */
    static Optional<Usage> read(JsonCursor cursor) throws MalformedAnswer {
        if (cursor.peek() != '{') {
            cursor.skipValue();
            return Optional.empty();
        }
        Counts counts = new Counts();
        cursor.object(List.of(PROMPT_TOKENS, TOTAL_TOKENS), field -> {
            if (field.equals(PROMPT_TOKENS)) {
                counts.prompt = cursor.wholeNumber();
            } else {
                counts.total = cursor.wholeNumber();
            }
        });
        if (counts.prompt.isPresent()) {
            return Optional.of(new Usage(tokens(PROMPT_TOKENS, counts.prompt.get())));
        }
        return counts.total.isPresent()
                ? Optional.of(new Usage(tokens(TOTAL_TOKENS, counts.total.get())))
                : Optional.empty();
    }

    /**
     * Takes the value of Cohere's field {@code meta}: {@code tokens.input_tokens}. What it bills ({@code billed_units}) are
     * searches, not tokens.
     */
    static Optional<Usage> inMeta(JsonCursor cursor) throws MalformedAnswer {
        Counts counts = new Counts();
        inObject(cursor, "tokens", () -> inObject(cursor, INPUT_TOKENS, () -> counts.prompt = cursor.wholeNumber()));
        return counts.prompt.isPresent()
                ? Optional.of(new Usage(tokens(INPUT_TOKENS, counts.prompt.get())))
                : Optional.empty();
    }

    private static void inObject(JsonCursor cursor, String field, JsonCursor.ElementReader reader)
            throws MalformedAnswer {
        if (cursor.peek() == '{') {
            cursor.object(List.of(field), name -> reader.take());
        } else {
            cursor.skipValue();
        }
    }

    private static final class Counts {
        private Optional<String> prompt = Optional.empty();
        private Optional<String> total = Optional.empty();
    }

    private static long tokens(String field, String written) throws MalformedAnswer {
        // 18 digits are a long.
        long tokens = written.length() > 18 ? -1 : Long.parseLong(written);
        if (tokens < 0 || tokens > MAX_TOKENS) {
            throw new MalformedAnswer(field + " is " + ServerText.oneLine(written));
        }
        return tokens;
    }
}
