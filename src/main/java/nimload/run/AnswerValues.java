package nimload.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

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
    record Vectors(List<float[]> vectors) implements AnswerValues {
        /** Half precision and other batch sizes move a cosine by less than 0.0001; another text's vector is further off. */
        static final double MIN_COSINE = 0.999;

        private static final double LENGTH_TOLERANCE = 0.01;

        @Override
        public Optional<String> differenceFrom(AnswerValues other, IntUnaryOperator place) {
            List<float[]> others = ((Vectors) other).vectors;
            for (int i = 0; i < vectors.size(); i++) {
                double cosine = cosine(vectors.get(i), others.get(place.applyAsInt(i)));
                if (!(cosine >= MIN_COSINE)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "text %d got another vector than before (cosine %.4f, at least %.3f expected)",
                            place.applyAsInt(i),
                            cosine,
                            MIN_COSINE));
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
            return new Vectors(Stream.concat(vectors.stream(), ((Vectors) other).vectors.stream())
                    .toList());
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

    /** Logits of a ranking answer, in the order of the request. */
    record Logits(double[] logits) implements AnswerValues {
        /** Half precision and other batch sizes move a logit by some hundredths. */
        static final double TOLERANCE = 0.25;

        @Override
        public Optional<String> differenceFrom(AnswerValues other, IntUnaryOperator place) {
            double[] others = ((Logits) other).logits;
            for (int i = 0; i < logits.length; i++) {
                double before = others[place.applyAsInt(i)];
                if (!(Math.abs(logits[i] - before) <= TOLERANCE)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "passage %d got logit %.3f, before it got %.3f (within %.2f expected)",
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
            return new Logits(DoubleStream.concat(Arrays.stream(logits), Arrays.stream(((Logits) other).logits))
                    .toArray());
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
                    : Optional.of(String.format(Locale.ROOT, "different passages got the same logit %.3f", logits[0]));
        }
    }
}
