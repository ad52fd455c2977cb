package nimload.emulator;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;

/**
 * A reproducible vector per text and logit per pair.
 *
 * <p>A vector consists of blocks of {@value #BLOCK} numbers, which a hash of the text picks from {@value #BLOCK_KINDS} that
 * are drawn once and written as JSON once per dimension. So the 19 kB of JSON of 1024 numbers cost a few copies; formatting
 * them would take longer than the modelled GPU. The first block's numbers stand in an order that the hash draws too, so that
 * two texts differ in their first numbers already, as with a model.
 *
 * <p>A vector of length 1 and a smaller dimension is the beginning of a larger one, scaled to length 1.
 */
final class Vectors {
    private static final int BLOCK = 64;
    private static final int BLOCK_KINDS = 256;

    /** Before the first block's order is drawn; a larger vector draws its other blocks afterwards. */
    private static final int BLOCKS_DRAWN_FIRST = 16;

    /** Makes a vector as long as a Python server's, about 19 kB. */
    private static final MathContext DIGITS = new MathContext(14);

    private static final double[][] DRAWN = new double[BLOCK_KINDS][];
    private static final double[] NORM = new double[BLOCK_KINDS];
    private static final Map<List<Object>, Vectors> MADE = new ConcurrentHashMap<>();

    static {
        SplittableRandom random = new SplittableRandom(1024);
        for (int kind = 0; kind < BLOCK_KINDS; kind++) {
            DRAWN[kind] = random.doubles(BLOCK, -1, 1).toArray();
            for (double value : DRAWN[kind]) {
                NORM[kind] += value * value;
            }
        }
    }

    private final int dimension;
    private final boolean unitLength;
    private final float[][] blockValues = new float[BLOCK_KINDS][BLOCK];

    /** Empty where the last block is not a whole one. */
    private final byte[][] blockJson;

    private final byte[][][] numberJson = new byte[BLOCK_KINDS][BLOCK][];

    private Vectors(int dimension, boolean unitLength) {
        this.dimension = dimension;
        this.unitLength = unitLength;
        boolean whole = dimension % BLOCK == 0;
        blockJson = new byte[whole ? BLOCK_KINDS : 0][];
        for (int kind = 0; kind < BLOCK_KINDS; kind++) {
            // Blocks contribute equally to the length of 1.
            double scale = unitLength ? 1 / Math.sqrt(NORM[kind] * blocks()) : 1;
            StringBuilder json = new StringBuilder();
            for (int i = 0; i < BLOCK; i++) {
                blockValues[kind][i] = (float) (DRAWN[kind][i] * scale);
                if (whole) {
                    String number = json(blockValues[kind][i]);
                    numberJson[kind][i] = number.getBytes(StandardCharsets.US_ASCII);
                    json.append(i == 0 ? "" : ",").append(number);
                }
            }
            if (whole) {
                blockJson[kind] = json.toString().getBytes(StandardCharsets.US_ASCII);
            }
        }
    }

    /**
     * @param dimension numbers of a vector
     * @param unitLength whether each has the Euclidean length 1; else lengths differ from text to text
     */
    static Vectors of(int dimension, boolean unitLength) {
        return MADE.computeIfAbsent(List.of(dimension, unitLength), key -> new Vectors(dimension, unitLength));
    }

    private int blocks() {
        return (dimension + BLOCK - 1) / BLOCK;
    }

    private static String json(float value) {
        return Double.toString(new BigDecimal(value).round(DIGITS).doubleValue());
    }

    /** The vector of a text. */
    float[] vector(InputType type, String text) {
        float[] vector = new float[blocks() * BLOCK];
        SplittableRandom random = random(type, text);
        int[] kinds = new int[Math.max(BLOCKS_DRAWN_FIRST, blocks())];
        int[] order = draw(random, kinds);
        for (int i = 0; i < BLOCK; i++) {
            vector[i] = blockValues[kinds[0]][order[i]];
        }
        for (int block = 1; block < blocks(); block++) {
            System.arraycopy(blockValues[kinds[block]], 0, vector, block * BLOCK, BLOCK);
        }
        return vector.length == dimension ? vector : cut(vector);
    }

    private float[] cut(float[] vector) {
        float[] cut = Arrays.copyOf(vector, dimension);
        if (unitLength) {
            double norm = 0;
            for (float value : cut) {
                norm += (double) value * value;
            }
            for (int i = 0; i < dimension; i++) {
                cut[i] /= (float) Math.sqrt(norm);
            }
        }
        return cut;
    }

    /** About how many bytes a vector takes in an answer. */
    int encodedSize(EncodingFormat format) {
        return format == EncodingFormat.BASE64 ? dimension * Float.BYTES * 4 / 3 + 64 : dimension * 20;
    }

    /** Writes the vector of a text as the JSON value of the field {@code embedding}. */
    void write(OutputStream out, InputType type, String text, EncodingFormat format, NumberType numbers)
            throws IOException {
        if (numbers != NumberType.FLOAT) {
            write(out, numbers.integers(vector(type, text)), format);
            return;
        }
        if (format == EncodingFormat.BASE64) {
            out.write(ascii('"' + EmbeddingAnswer.base64(vector(type, text)) + '"'));
            return;
        }
        if (blockJson.length == 0) {
            StringBuilder json = new StringBuilder();
            for (float value : vector(type, text)) {
                json.append(json.isEmpty() ? '[' : ',').append(json(value));
            }
            out.write(ascii(json.append(']').toString()));
            return;
        }
        int[] kinds = new int[Math.max(BLOCKS_DRAWN_FIRST, blocks())];
        int[] order = draw(random(type, text), kinds);
        for (int i = 0; i < BLOCK; i++) {
            out.write(i == 0 ? '[' : ',');
            out.write(numberJson[kinds[0]][order[i]]);
        }
        for (int block = 1; block < blocks(); block++) {
            out.write(',');
            out.write(blockJson[kinds[block]]);
        }
        out.write(']');
    }

    private static void write(OutputStream out, int[] integers, EncodingFormat format) throws IOException {
        if (format == EncodingFormat.FLOAT) {
            out.write(ascii(Arrays.toString(integers).replace(" ", "")));
            return;
        }
        byte[] bytes = new byte[integers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) integers[i];
        }
        out.write(ascii('"' + Base64.getEncoder().encodeToString(bytes) + '"'));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The relevance of a passage to a query: −10 to 10 in steps of 0.001. */
    static double logit(String query, String passage) {
        long hash = mix(hash(query) * 31 + hash(passage));
        return (Math.floorMod(hash, 20_001L) - 10_000) / 1000.0;
    }

    private static SplittableRandom random(InputType type, String text) {
        return new SplittableRandom(hash(text) + type.ordinal());
    }

    /**
     * @param kinds filled with each block's
     * @return the order of the first block's numbers
     */
    private static int[] draw(SplittableRandom random, int[] kinds) {
        for (int block = 0; block < BLOCKS_DRAWN_FIRST; block++) {
            kinds[block] = random.nextInt(BLOCK_KINDS);
        }
        int[] order = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        for (int block = BLOCKS_DRAWN_FIRST; block < kinds.length; block++) {
            kinds[block] = random.nextInt(BLOCK_KINDS);
        }
        return order;
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
