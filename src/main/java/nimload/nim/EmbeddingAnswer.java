package nimload.nim;

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
     * finite values. Takes floats and Base64. Reading every value costs about 4 ns per byte; under load use the cheap
     * check, {@link EmbeddingStructure}, a sixth of that.
     *
     * @param inputs texts in the request
     * @throws MalformedAnswer naming the first breach
     */
    public static EmbeddingAnswer parse(byte[] json, int inputs) throws MalformedAnswer {
        return parse(json, inputs, EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END));
    }

    static EmbeddingAnswer parse(byte[] json, int inputs, EmbeddingForm form) throws MalformedAnswer {
        EmbeddingReader reader = EmbeddingReader.read(json, inputs, EmbeddingReader.ALL, form);
        return new EmbeddingAnswer(Arrays.asList(reader.vectors()), reader.model(), reader.usage());
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
    public static void write(OutputStream out, String model, int vectors, VectorWriter writer, Optional<Usage> usage)
            throws IOException {
        out.write(ascii("{\"object\":\"list\",\"data\":["));
        for (int i = 0; i < vectors; i++) {
            out.write(ascii((i == 0 ? "" : ",") + "{\"index\":" + i + ",\"embedding\":"));
            writer.write(out, i);
            out.write(ascii(",\"object\":\"embedding\"}"));
        }
        out.write(ascii("],\"model\":"));
        out.write(Json.bytes(model));
        if (usage.isPresent()) {
            long tokens = usage.get().promptTokens();
            out.write(ascii(",\"usage\":{\"prompt_tokens\":" + tokens + ",\"total_tokens\":" + tokens + "}"));
        }
        out.write('}');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
