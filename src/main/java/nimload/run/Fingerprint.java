package nimload.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import nimload.nim.EmbeddingType;

/**
 * What tells one answer from another: the first numbers of each vector, or all logits, in the order of the request. Some
 * 1 % of an answer's bytes.
 */
sealed interface Fingerprint {

    /**
     * How this answer differs from the first one to the same texts beyond what batching can change; empty if it does not.
     *
     * @param place of each of these items in {@code first}
     */
    Optional<String> differenceFrom(Fingerprint first, IntUnaryOperator place);

    /** One number per part of the answer that no other texts' answer has; none where that is not sure. */
    long[] keys();

    private static long mixed(long key, long bits) {
        long next = (key ^ bits) * 0x9E3779B97F4A7C15L;
        return next ^ next >>> 32;
    }

    /**
     * @param heads of the vectors
     * @param dimensions of a whole vector
     */
    record Heads(float[][] heads, int dimensions, EmbeddingType type) implements Fingerprint {
        /** Twice as far as vectors are apart whose cosine is {@link AnswerValues.Vectors#MIN_COSINE}: heads scatter. */
        private static final double MAX_DISTANCE = 2 * Math.sqrt(2 * (1 - AnswerValues.Vectors.MIN_COSINE));

        /** Likewise of whole numbers. */
        private static final double MAX_DISTANCE_OF_WHOLE_NUMBERS =
                2 * Math.sqrt(2 * (1 - AnswerValues.Vectors.MIN_COSINE_OF_WHOLE_NUMBERS));

        /** Of floats. */
        Heads(float[][] heads, int dimensions) {
            this(heads, dimensions, EmbeddingType.FLOAT);
        }

        @Override
        public Optional<String> differenceFrom(Fingerprint first, IntUnaryOperator place) {
            Heads others = (Heads) first;
            double limit = (type.whole() ? MAX_DISTANCE_OF_WHOLE_NUMBERS : MAX_DISTANCE) * others.typicalLength();
            for (int i = 0; i < heads.length; i++) {
                double distance = distance(heads[i], others.heads[place.applyAsInt(i)]);
                if (!(distance <= limit)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "text %d got another vector than the first time (its first numbers are %.4f apart, at most"
                                    + " %.4f expected)",
                            i,
                            distance,
                            limit));
                }
            }
            return Optional.empty();
        }

        /** Of a head, over all of them: that of one alone may be small by chance. */
        private double typicalLength() {
            double squares = 0;
            for (float[] head : heads) {
                float[] centred = type.centred(head);
                squares += square(distance(centred, new float[centred.length]));
            }
            return Math.sqrt(squares / heads.length);
        }

        private static double distance(float[] a, float[] b) {
            double squares = 0;
            for (int i = 0; i < a.length; i++) {
                squares += square(a[i] - b[i]);
            }
            return Math.sqrt(squares);
        }

        private static double square(double value) {
            return value * value;
        }

        @Override
        public long[] keys() {
            long[] keys = new long[heads.length];
            for (int i = 0; i < heads.length; i++) {
                for (float value : heads[i]) {
                    keys[i] = mixed(keys[i], Float.floatToIntBits(value));
                }
            }
            return keys;
        }
    }

    /** @param scores whether they are scores from 0 to 1 instead */
    record Logits(double[] logits, boolean scores) implements Fingerprint {
        /** Rounded as half precision is, fewer different ones may come twice by chance. */
        private static final int FEWEST_LOGITS = 4;

        Logits(double[] logits) {
            this(logits, false);
        }

        @Override
        public Optional<String> differenceFrom(Fingerprint first, IntUnaryOperator place) {
            double[] others = ((Logits) first).logits;
            for (int i = 0; i < logits.length; i++) {
                double other = others[place.applyAsInt(i)];
                if (!(AnswerValues.Logits.distance(logits[i], other, scores) <= AnswerValues.Logits.TOLERANCE)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            scores
                                    ? "passage %d got score %.6f, the first time %.6f (within %.2f of logits expected)"
                                    : "passage %d got logit %.3f, the first time %.3f (within %.2f expected)",
                            i,
                            logits[i],
                            other,
                            AnswerValues.Logits.TOLERANCE));
                }
            }
            return Optional.empty();
        }

        @Override
        public long[] keys() {
            if (Arrays.stream(logits).distinct().count() < FEWEST_LOGITS) {
                return new long[0];
            }
            long key = 0;
            for (double logit : logits) {
                key = mixed(key, Double.doubleToLongBits(logit));
            }
            return new long[] {key};
        }
    }
}
