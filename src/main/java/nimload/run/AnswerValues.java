package nimload.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import nimload.nim.EmbeddingType;

/** All numbers of an answer. */
sealed interface AnswerValues {

    /**
     * How this answer differs from another one to the same texts beyond what batching can change; empty if it does not.
     *
     * @param place of each of these items in {@code other}
     */
    Optional<String> differenceFrom(AnswerValues other, IntUnaryOperator place);

    /** Why they cannot be the answer to different texts; empty if they can. */
    Optional<String> allAlike();

    /** Those of this answer and then those of another one. */
    AnswerValues and(AnswerValues other);

    /** Vectors of an embedding answer, in the order of the request. */
    record Vectors(List<float[]> vectors, EmbeddingType type) implements AnswerValues {
        /** Half precision and other batch sizes move a cosine by less than 0.0001; another text's vector is further off. */
        static final double MIN_COSINE = 0.999;

        /**
         * Of whole numbers: 0.0001 of the cosine before they are rounded moves one in twenty of them to the next number, which
         * is 0.0015 where they are as small as 4.
         */
        static final double MIN_COSINE_OF_WHOLE_NUMBERS = 0.995;

        private static final double LENGTH_TOLERANCE = 0.01;

        /** Of floats. */
        Vectors(List<float[]> vectors) {
            this(vectors, EmbeddingType.FLOAT);
        }

        @Override
        public Optional<String> differenceFrom(AnswerValues other, IntUnaryOperator place) {
            List<float[]> others = ((Vectors) other).vectors;
            double least = type.whole() ? MIN_COSINE_OF_WHOLE_NUMBERS : MIN_COSINE;
            for (int i = 0; i < vectors.size(); i++) {
                double cosine = cosine(type.centred(vectors.get(i)), type.centred(others.get(place.applyAsInt(i))));
                if (!(cosine >= least)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "text %d got another vector than before (cosine %.4f, at least %.3f expected)",
                            place.applyAsInt(i),
                            cosine,
                            least));
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> allAlike() {
            for (int i = 1; i < vectors.size(); i++) {
                if (!Arrays.equals(vectors.get(i), vectors.get(0))) {
                    return Optional.empty();
                }
            }
            return vectors.size() < 2 ? Optional.empty() : Optional.of("different texts got the same vector");
        }

        @Override
        public AnswerValues and(AnswerValues other) {
            return new Vectors(
                    Stream.concat(vectors.stream(), ((Vectors) other).vectors.stream())
                            .toList(),
                    type);
        }

        /** Why a vector is not of length 1; empty if all are. */
        Optional<String> notUnit() {
            for (int i = 0; i < vectors.size(); i++) {
                double length = length(vectors.get(i));
                if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) {
                    return Optional.of(String.format(Locale.ROOT, "vector %d has length %.3f instead of 1", i, length));
                }
            }
            return Optional.empty();
        }

        /** Which vector is 0, whatever the model; empty if none is. */
        Optional<String> zero() {
            for (int i = 0; i < vectors.size(); i++) {
                if (length(vectors.get(i)) == 0) {
                    return Optional.of("vector " + i + " is 0");
                }
            }
            return Optional.empty();
        }

        private static double cosine(float[] a, float[] b) {
            return dot(a, b) / (length(a) * length(b));
        }

        private static double length(float[] vector) {
            return Math.sqrt(dot(vector, vector));
        }

        private static double dot(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length && i < b.length; i++) {
                sum += (double) a[i] * b[i];
            }
            return sum;
        }
    }

    /**
     * Logits of a ranking answer, in the order of the request.
     *
     * @param scores whether they are scores from 0 to 1 instead
     */
    record Logits(double[] logits, boolean scores) implements AnswerValues {
        /** Half precision and other batch sizes move a logit by some hundredths. */
        static final double TOLERANCE = 0.25;

        /** Of half precision, the last step below 1 is 0.0005. */
        private static final double HIGHEST_SCORE = 0.999;

        /** What a score that is rounded to six decimals tells apart. */
        private static final double LOWEST_SCORE = 1e-6;

        Logits(double[] logits) {
            this(logits, false);
        }

        /**
         * How far two of them are apart, as logits: a score is the logistic function of one, and far from 0.5 small
         * differences of scores are large ones of logits. Scores outside 0 to 1 are logits by another name.
         */
        static double distance(double one, double other, boolean scores) {
            return scores && isScore(one) && isScore(other)
                    ? Math.abs(logit(one) - logit(other))
                    : Math.abs(one - other);
        }

        private static boolean isScore(double value) {
            return value >= 0 && value <= 1;
        }

        private static double logit(double score) {
            double within = Math.max(LOWEST_SCORE, Math.min(HIGHEST_SCORE, score));
            return Math.log(within / (1 - within));
        }

        /** What they are called, and how they are written. */
        static String text(double value, boolean scores) {
            return String.format(Locale.ROOT, scores ? "score %.6f" : "logit %.3f", value);
        }

        @Override
        public Optional<String> differenceFrom(AnswerValues other, IntUnaryOperator place) {
            double[] others = ((Logits) other).logits;
            for (int i = 0; i < logits.length; i++) {
                double before = others[place.applyAsInt(i)];
                if (!(distance(logits[i], before, scores) <= TOLERANCE)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            scores
                                    ? "passage %d got score %.6f, before it got %.6f (within %.2f of logits expected)"
                                    : "passage %d got logit %.3f, before it got %.3f (within %.2f expected)",
                            place.applyAsInt(i),
                            logits[i],
                            before,
                            TOLERANCE));
                }
            }
            return Optional.empty();
        }

        @Override
        public AnswerValues and(AnswerValues other) {
            return new Logits(
                    DoubleStream.concat(Arrays.stream(logits), Arrays.stream(((Logits) other).logits))
                            .toArray(),
                    scores);
        }

        @Override
        public Optional<String> allAlike() {
            for (double logit : logits) {
                if (logit != logits[0]) {
                    return Optional.empty();
                }
            }
            return logits.length < 2
                    ? Optional.empty()
                    : Optional.of("different passages got the same " + text(logits[0], scores));
        }
    }
}
