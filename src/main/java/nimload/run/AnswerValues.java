package nimload.run;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The numbers of an answer, to compare an answer under load with the one that the same request got alone. */
sealed interface AnswerValues {

    /** How this answer differs from {@code alone} beyond what batching can change; empty if it does not. */
    Optional<String> differenceFrom(AnswerValues alone);

    /** Why the numbers are impossible; empty if they are not. */
    default Optional<String> impossible() {
        return Optional.empty();
    }

    /** Vectors of an embedding answer, in the order of the request. */
    record Vectors(List<float[]> vectors) implements AnswerValues {
        /** Half precision and other batch sizes move a cosine by less than 0.0001; another text's vector is further off. */
        static final double MIN_COSINE = 0.999;

        private static final double LENGTH_TOLERANCE = 0.01;

        @Override
        public Optional<String> differenceFrom(AnswerValues alone) {
            List<float[]> others = ((Vectors) alone).vectors;
            for (int i = 0; i < vectors.size(); i++) {
                double cosine = dot(vectors.get(i), others.get(i)) / (length(vectors.get(i)) * length(others.get(i)));
                if (!(cosine >= MIN_COSINE)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "text %d got a different vector than alone (cosine %.4f, at least %.3f expected)",
                            i,
                            cosine,
                            MIN_COSINE));
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> impossible() {
            for (int i = 0; i < vectors.size(); i++) {
                double length = length(vectors.get(i));
                if (Math.abs(length - 1) > LENGTH_TOLERANCE) {
                    return Optional.of(String.format(Locale.ROOT, "vector %d has length %.3f instead of 1", i, length));
                }
            }
            return Optional.empty();
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
        public Optional<String> differenceFrom(AnswerValues alone) {
            double[] others = ((Logits) alone).logits;
            for (int i = 0; i < logits.length; i++) {
                if (Math.abs(logits[i] - others[i]) > TOLERANCE) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "passage %d got logit %.3f, alone it got %.3f (within %.2f expected)",
                            i,
                            logits[i],
                            others[i],
                            TOLERANCE));
                }
            }
            return Optional.empty();
        }
    }
}
