package nimload.nim;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the cheap check of an embedding answer found; it does not read the values.
 *
 * @param dimensions of every vector
 * @param usage empty if the server gives none
 */
public record EmbeddingStructure(int dimensions, Optional<Usage> usage) {

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
        Optional<Usage> usage = Optional.empty();
        cursor.expect('{');
        do {
            String field = cursor.fieldName();
            if (field.equals("data")) {
                dimensions = checkData(cursor, inputs);
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
        return new EmbeddingStructure(dimensions, usage);
    }

    private static int checkData(JsonCursor cursor, int inputs) throws MalformedAnswer {
        boolean[] seen = new boolean[inputs];
        int vectors = 0;
        int dimensions = -1;
        cursor.expect('[');
        if (!cursor.take(']')) {
            do {
                int found = checkVector(cursor, seen);
                if (dimensions >= 0 && found != dimensions) {
                    throw new MalformedAnswer(
                            "vector " + vectors + " has " + found + " dimensions, the first has " + dimensions);
                }
                dimensions = found;
                vectors++;
            } while (cursor.take(','));
            cursor.expect(']');
        }
        if (vectors != inputs) {
            throw new MalformedAnswer(vectors + " vectors for " + inputs + " texts");
        }
        return dimensions;
    }

    private static int checkVector(JsonCursor cursor, boolean[] seen) throws MalformedAnswer {
        long index = -1;
        int dimensions = 0;
        cursor.expect('{');
        do {
            String field = cursor.fieldName();
            if (field.equals("index")) {
                index = cursor.integer();
            } else if (field.equals("embedding")) {
                dimensions = cursor.peek() == '"' ? base64Floats(cursor) : cursor.numbers();
            } else {
                cursor.skipValue();
            }
        } while (cursor.take(','));
        cursor.expect('}');
        if (index < 0 || index >= seen.length) {
            throw new MalformedAnswer("index " + index + " for " + seen.length + " texts");
        }
        if (seen[(int) index]) {
            throw new MalformedAnswer("index " + index + " twice");
        }
        if (dimensions == 0) {
            throw new MalformedAnswer("no embedding for index " + index);
        }
        seen[(int) index] = true;
        return dimensions;
    }

    private static int base64Floats(JsonCursor cursor) throws MalformedAnswer {
        int characters = cursor.skipString();
        int bytes = characters / 4 * 3 - cursor.paddingBefore();
        if (characters % 4 != 0 || bytes % Float.BYTES != 0) {
            throw new MalformedAnswer(
                    "an embedding of " + characters + " Base64 characters does not hold whole floats");
        }
        return bytes / Float.BYTES;
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
