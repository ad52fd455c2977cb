package nimload.nim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The answer of {@code POST /v1/embeddings}, with every value read.
 *
 * @param vectors one per text, in the order of the request; all of the same dimension, all values finite
 * @param model as the server names it; empty if it names none
 * @param usage empty if the server gives none
 */
public record EmbeddingAnswer(List<float[]> vectors, Optional<String> model, Optional<Usage> usage) {

    /**
     * Reads an answer and checks it against the contract: as many vectors as texts, each index once, one dimension,
     * finite values. Takes floats and Base64. Reading every value costs about 10 ns per byte; under load use the cheap
     * check, {@link EmbeddingStructure}.
     *
     * @param inputs texts in the request
     * @throws MalformedAnswer naming the first breach
     */
    public static EmbeddingAnswer parse(byte[] json, int inputs) throws MalformedAnswer {
        float[][] vectors = new float[inputs][];
        Optional<String> model = Optional.empty();
        Optional<Usage> usage = Optional.empty();
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedAnswer("the answer is not a JSON object");
            }
            boolean data = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("data")) {
                    readData(parser, vectors);
                    data = true;
                } else if (field.equals("model") && parser.currentToken() == JsonToken.VALUE_STRING) {
                    model = Optional.of(parser.getText());
                } else if (field.equals("usage")) {
                    usage = readUsage(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedAnswer("text after the end of the JSON object");
            }
            if (!data) {
                throw new MalformedAnswer("no field data");
            }
        } catch (IOException e) {
            throw new MalformedAnswer("not JSON: " + firstLine(e));
        }
        for (int i = 0; i < inputs; i++) {
            if (vectors[i] == null) {
                throw new MalformedAnswer("no vector for index " + i + " of " + inputs + " texts");
            }
            if (vectors[i].length != vectors[0].length) {
                throw new MalformedAnswer(
                        "vector " + i + " has " + vectors[i].length + " dimensions, vector 0 has " + vectors[0].length);
            }
        }
        return new EmbeddingAnswer(Arrays.asList(vectors), model, usage);
    }

    private static void readData(JsonParser parser, float[][] vectors) throws IOException, MalformedAnswer {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedAnswer("data is not an array");
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            int index = -1;
            float[] vector = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                    index = parser.getIntValue();
                } else if (field.equals("embedding")) {
                    vector = readVector(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (index < 0 || index >= vectors.length) {
                throw new MalformedAnswer("index " + index + " for " + vectors.length + " texts");
            }
            if (vectors[index] != null) {
                throw new MalformedAnswer("index " + index + " twice");
            }
            if (vector == null || vector.length == 0) {
                throw new MalformedAnswer("no embedding for index " + index);
            }
            vectors[index] = vector;
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new MalformedAnswer("data holds something other than objects");
        }
    }

    private static float[] readVector(JsonParser parser) throws IOException, MalformedAnswer {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return fromBase64(parser.getText());
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedAnswer("an embedding is neither an array nor Base64");
        }
        float[] values = new float[1024];
        int n = 0;
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            if (token == null || !token.isNumeric()) {
                throw new MalformedAnswer(
                        "a value of an embedding is " + (token == null ? "missing" : parser.getText()));
            }
            if (n == values.length) {
                values = Arrays.copyOf(values, 2 * n);
            }
            values[n++] = finite(parser.getFloatValue());
        }
        return Arrays.copyOf(values, n);
    }

    static float[] fromBase64(String text) throws MalformedAnswer {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedAnswer("an embedding is not Base64: " + e.getMessage());
        }
        if (bytes.length % Float.BYTES != 0) {
            throw new MalformedAnswer("an embedding has " + bytes.length + " bytes, not a multiple of 4");
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (float value : values) {
            finite(value);
        }
        return values;
    }

    static float finite(float value) throws MalformedAnswer {
        if (!Float.isFinite(value)) {
            throw new MalformedAnswer("a value of an embedding is " + value);
        }
        return value;
    }

    static Optional<Usage> readUsage(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return Optional.empty();
        }
        Optional<Usage> usage = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("prompt_tokens") && value == JsonToken.VALUE_NUMBER_INT) {
                usage = Optional.of(new Usage(parser.getLongValue()));
            } else {
                parser.skipChildren();
            }
        }
        return usage;
    }

    static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** The vector as it travels in Base64: little-endian float32. */
    public static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Writes the JSON value of one vector: an array of numbers, or a quoted Base64 text. */
    @FunctionalInterface
    public interface VectorWriter {
        void write(OutputStream out, int index) throws IOException;
    }

    /** Writes an answer; {@code writer} supplies the vectors, in the order of the request. */
    public static void write(OutputStream out, String model, int vectors, VectorWriter writer, long promptTokens)
            throws IOException {
        out.write(ascii("{\"object\":\"list\",\"data\":["));
        for (int i = 0; i < vectors; i++) {
            out.write(ascii((i == 0 ? "" : ",") + "{\"index\":" + i + ",\"embedding\":"));
            writer.write(out, i);
            out.write(ascii(",\"object\":\"embedding\"}"));
        }
        out.write(ascii("],\"model\":"));
        out.write(Json.bytes(model));
        out.write(ascii(",\"usage\":{\"prompt_tokens\":" + promptTokens + ",\"total_tokens\":" + promptTokens + "}}"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
