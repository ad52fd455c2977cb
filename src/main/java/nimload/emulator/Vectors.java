package nimload.emulator;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;

/**
 * A reproducible unit vector per text and logit per pair.
 *
 * <p>A vector consists of {@value #BLOCKS_PER_VECTOR} blocks, which a hash of the text picks from {@value #BLOCK_KINDS}
 * that are drawn and written as JSON once. So its 19 kB of JSON cost a few copies; formatting 1024 numbers would take
 * longer than the modelled GPU. The first block's numbers stand in an order that the hash draws too, so that two texts
 * differ in their first numbers already, as with a model.
 */
final class Vectors {
    static final int DIMENSIONS = 1024;

    private static final int BLOCKS_PER_VECTOR = 16;
    private static final int BLOCK_KINDS = 256;
    private static final int BLOCK = DIMENSIONS / BLOCKS_PER_VECTOR;

    /** Makes a vector as long as a Python server's, about 19 kB. */
    private static final MathContext DIGITS = new MathContext(14);

    private static final float[][] BLOCK_VALUES = new float[BLOCK_KINDS][BLOCK];
    private static final byte[][] BLOCK_JSON = new byte[BLOCK_KINDS][];
    private static final byte[][][] NUMBER_JSON = new byte[BLOCK_KINDS][BLOCK][];

    static {
        SplittableRandom random = new SplittableRandom(1024);
        for (int kind = 0; kind < BLOCK_KINDS; kind++) {
            double[] drawn = random.doubles(BLOCK, -1, 1).toArray();
            double norm = 0;
            for (double value : drawn) {
                norm += value * value;
            }
            // Blocks contribute equally to the length of 1.
            double scale = 1 / Math.sqrt(norm * BLOCKS_PER_VECTOR);
            StringBuilder json = new StringBuilder();
            for (int i = 0; i < BLOCK; i++) {
                BLOCK_VALUES[kind][i] = (float) (drawn[i] * scale);
                String number = Double.toString(
                        new BigDecimal(BLOCK_VALUES[kind][i]).round(DIGITS).doubleValue());
                NUMBER_JSON[kind][i] = number.getBytes(StandardCharsets.US_ASCII);
                json.append(i == 0 ? "" : ",").append(number);
            }
            BLOCK_JSON[kind] = json.toString().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private Vectors() {}

    /** The vector of a text: 1024 floats, of Euclidean length 1. */
    static float[] of(InputType type, String text) {
        float[] vector = new float[DIMENSIONS];
        SplittableRandom random = random(type, text);
        int[] kinds = kinds(random);
        int[] order = order(random);
        for (int i = 0; i < BLOCK; i++) {
            vector[i] = BLOCK_VALUES[kinds[0]][order[i]];
        }
        for (int block = 1; block < BLOCKS_PER_VECTOR; block++) {
            System.arraycopy(BLOCK_VALUES[kinds[block]], 0, vector, block * BLOCK, BLOCK);
        }
        return vector;
    }

    /** About how many bytes a vector takes in an answer. */
    static int encodedSize(EncodingFormat format) {
        return format == EncodingFormat.BASE64 ? DIMENSIONS * Float.BYTES * 4 / 3 + 64 : DIMENSIONS * 20;
    }

    /** Writes the vector of a text as the JSON value of the field {@code embedding}. */
    static void write(OutputStream out, InputType type, String text, EncodingFormat format) throws IOException {
        if (format == EncodingFormat.BASE64) {
            out.write(('"' + EmbeddingAnswer.base64(of(type, text)) + '"').getBytes(StandardCharsets.US_ASCII));
            return;
        }
        SplittableRandom random = random(type, text);
        int[] kinds = kinds(random);
        int[] order = order(random);
        for (int i = 0; i < BLOCK; i++) {
            out.write(i == 0 ? '[' : ',');
            out.write(NUMBER_JSON[kinds[0]][order[i]]);
        }
        for (int block = 1; block < BLOCKS_PER_VECTOR; block++) {
            out.write(',');
            out.write(BLOCK_JSON[kinds[block]]);
        }
        out.write(']');
    }

    /** The relevance of a passage to a query: −10 to 10 in steps of 0.001. */
    static double logit(String query, String passage) {
        long hash = mix(hash(query) * 31 + hash(passage));
        return (Math.floorMod(hash, 20_001L) - 10_000) / 1000.0;
    }

    private static SplittableRandom random(InputType type, String text) {
        return new SplittableRandom(hash(text) + type.ordinal());
    }

    /** Of the first block's numbers. */
    private static int[] order(SplittableRandom random) {
        int[] order = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static int[] kinds(SplittableRandom random) {
        int[] kinds = new int[BLOCKS_PER_VECTOR];
        for (int block = 0; block < BLOCKS_PER_VECTOR; block++) {
            kinds[block] = random.nextInt(BLOCK_KINDS);
        }
        return kinds;
    }

    private static long hash(String text) {
        long hash = 1125899906842597L;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return mix(hash);
    }

    private static long mix(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
