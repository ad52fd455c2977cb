package nimload.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;

/** What the emulator answers, for servers in tests that answer wrongly on purpose. */
public final class NimAnswers {
    private NimAnswers() {}

    public static int tokensOfText(InputType type, String text) {
        return TokenCounter.ofText(type, text);
    }

    /** The passage's share of a pair. */
    public static int tokensOfPassage(String query, String passage) {
        return TokenCounter.ofPair(query, passage) - TokenCounter.count(query);
    }

    public static int tokensOfPair(String query, String passage) {
        return TokenCounter.ofPair(query, passage);
    }

    public static float[] vector(InputType type, String text) {
        return Vectors.of(1024, true).vector(type, text);
    }

    /** The vector of a text as JSON. */
    public static String vector(InputType type, String text, EncodingFormat format) {
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(Vectors.of(1024, true).encodedSize(format));
        try {
            Vectors.of(1024, true).write(out, type, text, format, NumberType.FLOAT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    public static double logit(String query, String passage) {
        return Vectors.logit(query, passage);
    }
}
