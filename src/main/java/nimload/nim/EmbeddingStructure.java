package nimload.nim;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the cheap check of an embedding answer found; of the values it reads the first few of each vector.
 *
 * @param dimensions of every vector
 * @param model as the server names it; empty if it names none
 * @param usage empty if the server gives none
 * @param heads the first {@value #HEAD} values of each vector (all, if it has fewer), in the order of the request
 */
public record EmbeddingStructure(int dimensions, Optional<String> model, Optional<Usage> usage, float[][] heads) {
    /** Values read of each vector: they tell two texts' vectors apart and cost about 1 % of reading all 1,024. */
    public static final int HEAD = 8;

    /** Whole groups of four characters that hold the head, and no part of a float after it. */
    private static final int HEAD_CHARACTERS = 48;

    /**
     * Checks an answer's structure: a JSON object whose {@code data} holds one vector per text, the indices 0 to n−1
     * once each, all of the same dimension. Costs a third of a JSON parser's time.
     *
     * @param inputs texts in the request
     * @throws MalformedAnswer naming the first breach
     */
    public static EmbeddingStructure check(byte[] json, int inputs) throws MalformedAnswer {
        JsonCursor cursor = new JsonCursor(json);
        int dimensions = -1;
        Optional<String> model = Optional.empty();
        Optional<Usage> usage = Optional.empty();
        float[][] heads = new float[inputs][];
        cursor.expect('{');
        do {
            String field = cursor.fieldName();
            if (field.equals("data")) {
                dimensions = checkData(cursor, heads);
            } else if (field.equals("model") && cursor.peek() == '"') {
                model = Optional.of(cursor.text());
            } else if (field.equals("usage") && cursor.peek() == '{') {
                usage = usage(cursor);
            } else {
                cursor.skipValue();
            }
        } while (cursor.take(','));
        cursor.expect('}');
        if (!cursor.atEnd()) {
            throw cursor.unexpected("the end");
        }
        if (dimensions < 0) {
            throw new MalformedAnswer("no field data");
        }
        return new EmbeddingStructure(dimensions, model, usage, heads);
    }

    private static int checkData(JsonCursor cursor, float[][] heads) throws MalformedAnswer {
        int vectors = 0;
        int dimensions = -1;
        cursor.expect('[');
        if (!cursor.take(']')) {
            do {
                int found = checkVector(cursor, heads);
                if (dimensions >= 0 && found != dimensions) {
                    throw new MalformedAnswer(
                            "vector " + vectors + " has " + found + " dimensions, the first has " + dimensions);
                }
                dimensions = found;
                vectors++;
            } while (cursor.take(','));
            cursor.expect(']');
        }
        if (vectors != heads.length) {
            throw new MalformedAnswer(vectors + " vectors for " + heads.length + " texts");
        }
        return dimensions;
    }

    private static int checkVector(JsonCursor cursor, float[][] heads) throws MalformedAnswer {
        long index = -1;
        float[] head = new float[HEAD];
        int dimensions = 0;
        cursor.expect('{');
        do {
            String field = cursor.fieldName();
            if (field.equals("index")) {
                index = cursor.integer();
            } else if (field.equals("embedding")) {
                dimensions = cursor.peek() == '"' ? base64Floats(cursor, head) : cursor.numbers(head);
            } else {
                cursor.skipValue();
            }
        } while (cursor.take(','));
        cursor.expect('}');
        if (index < 0 || index >= heads.length) {
            throw new MalformedAnswer("index " + index + " for " + heads.length + " texts");
        }
        if (heads[(int) index] != null) {
            throw new MalformedAnswer("index " + index + " twice");
        }
        if (dimensions == 0) {
            throw new MalformedAnswer("no embedding for index " + index);
        }
        heads[(int) index] = dimensions < HEAD ? Arrays.copyOf(head, dimensions) : head;
        return dimensions;
    }

    private static int base64Floats(JsonCursor cursor, float[] head) throws MalformedAnswer {
        int characters = cursor.skipString();
        int bytes = characters / 4 * 3 - cursor.paddingBefore();
        if (characters % 4 != 0 || bytes % Float.BYTES != 0) {
            throw new MalformedAnswer(
                    "an embedding of " + characters + " Base64 characters does not hold whole floats");
        }
        float[] read =
                EmbeddingAnswer.fromBase64(cursor.asciiBefore(1 + characters, Math.min(characters, HEAD_CHARACTERS)));
        int floats = bytes / Float.BYTES;
        System.arraycopy(read, 0, head, 0, Math.min(HEAD, floats));
        return floats;
    }

    private static Optional<Usage> usage(JsonCursor cursor) throws MalformedAnswer {
        Optional<Usage> usage = Optional.empty();
        cursor.expect('{');
        if (cursor.take('}')) {
            return usage;
        }
        do {
            if (cursor.fieldName().equals("prompt_tokens")) {
                OptionalLong tokens = cursor.integerIfAny();
                usage = tokens.isPresent() ? Optional.of(new Usage(tokens.getAsLong())) : Optional.empty();
            } else {
                cursor.skipValue();
            }
        } while (cursor.take(','));
        cursor.expect('}');
        return usage;
    }
}
