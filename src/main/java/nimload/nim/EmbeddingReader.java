package nimload.nim;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads an embedding answer: its structure, and as many values of each vector as are wanted. */
final class EmbeddingReader {
    /** To read every value. */
    static final int ALL = Integer.MAX_VALUE;

    private static final List<String> FIELDS = List.of("data", "model", "usage");
    private static final List<String> VECTOR_FIELDS = List.of("index", "embedding");

    private final JsonCursor cursor;
    private final EmbeddingType type;
    private final int wanted;
    private final Indices indices;
    private final float[][] vectors;
    private boolean data;
    private int dimensions;
    private Optional<String> model = Optional.empty();
    private Optional<Usage> usage = Optional.empty();

    /** Of the vector that is being read. */
    private float[] values;

    private int length;

    private EmbeddingReader(JsonCursor cursor, EmbeddingType type, int inputs, int wanted) {
        this.cursor = cursor;
        this.type = type;
        this.wanted = wanted;
        indices = new Indices("vector", inputs, "texts");
        vectors = new float[inputs][];
    }

    /**
     * @param inputs texts in the request
     * @param wanted how many values of each vector are kept
     * @throws MalformedAnswer naming the first breach of the contract
     */
    static EmbeddingReader read(byte[] json, int inputs, int wanted, EmbeddingForm form) throws MalformedAnswer {
        JsonCursor cursor = AnswerBody.object(json, form.answerLimit(inputs));
        EmbeddingReader reader = new EmbeddingReader(cursor, form.type(), inputs, wanted);
        cursor.object(FIELDS, reader::readField);
        cursor.expectEnd();
        if (!reader.data) {
            throw AnswerBody.without("field data", json);
        }
        return reader;
    }

    /** The values that were read, in the order of the request. */
    float[][] vectors() {
        return vectors;
    }

    /** Of every vector. */
    int dimensions() {
        return dimensions;
    }

    Optional<String> model() {
        return model;
    }

    Optional<Usage> usage() {
        return usage;
    }

    private void readField(String name) throws MalformedAnswer {
        switch (name) {
            case "data" -> {
                data = cursor.array(name, this::readVector);
                if (data) {
                    indices.complete();
                }
            }
            case "model" -> model = cursor.textIfAny();
            default -> usage = Usage.read(cursor);
        }
    }

    private void readVector() throws MalformedAnswer {
        length = 0;
        String name = indices.current();
        cursor.object(VECTOR_FIELDS, field -> {
            if (field.equals("index")) {
                indices.read(cursor);
            } else if (cursor.peek() == '"') {
                readBase64(name);
            } else {
                readNumbers(name);
            }
        });
        int place = indices.next();
        if (length == 0) {
            throw new MalformedAnswer("no embedding for index " + place);
        }
        if (dimensions == 0) {
            dimensions = length;
        }
        if (length != dimensions) {
            throw new MalformedAnswer(name + " has " + length + " dimensions, vector 0 has " + dimensions);
        }
        vectors[place] = values;
    }

    private void readNumbers(String vector) throws MalformedAnswer {
        String what = "a value of " + vector;
        if (!cursor.take('[')) {
            throw cursor.unexpected("the numbers of " + vector + ", or Base64");
        }
        if (cursor.take(']')) {
            return;
        }
        values = new float[Math.min(wanted, 1024)];
        do {
            if (length == wanted && !type.whole()) {
                length += cursor.skipNumbers(what);
                return;
            }
            float value = type.whole() ? cursor.wholeNumber(what, type.min(), type.max()) : readFloat(what);
            if (length < wanted) {
                if (length == values.length) {
                    values = Arrays.copyOf(values, 2 * length);
                }
                values[length] = value;
            }
            length++;
        } while (cursor.take(','));
        if (!cursor.take(']')) {
            throw cursor.unexpected("',' or ']'");
        }
        if (length < values.length) {
            values = Arrays.copyOf(values, length);
        }
    }

    private float readFloat(String what) throws MalformedAnswer {
        String number = cursor.number(what);
        float value = NumberInput.parseFloat(number, true);
        if (Float.isInfinite(value)) {
            throw new MalformedAnswer(what + " is " + ServerText.oneLine(number) + ", beyond a float");
        }
        return value;
    }

    private void readBase64(String vector) throws MalformedAnswer {
        if (type.whole()) {
            throw new MalformedAnswer(
                    "the embedding of " + vector + " is a string, not numbers of type " + type.wire());
        }
        int most = (int) Math.min(base64Characters(wanted), Integer.MAX_VALUE);
        JsonCursor.Base64Text text = cursor.base64(most);
        int characters = text.length() - text.padding();
        long bytes = characters * 3L / 4;
        if (text.padding() > 0 && text.length() % 4 != 0 || characters % 4 == 1 || bytes % Float.BYTES != 0) {
            throw new MalformedAnswer("the embedding of " + vector + " has " + text.length()
                    + " Base64 characters, which are not whole floats");
        }
        length = (int) (bytes / Float.BYTES);
        values = new float[Math.min(length, wanted)];
        ByteBuffer decoded;
        try {
            decoded = ByteBuffer.wrap(
                    Base64.getDecoder().decode(text.start().substring(0, (int) base64Characters(values.length))));
        } catch (IllegalArgumentException e) {
            throw new MalformedAnswer("the embedding of " + vector + " is not Base64: " + e.getMessage());
        }
        decoded.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new MalformedAnswer("a value of " + vector + " is " + value);
            }
        }
    }

    /** Without padding: 43 for 8 floats. */
    private static long base64Characters(int floats) {
        return (floats * 32L + 5) / 6;
    }
}
