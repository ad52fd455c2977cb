package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import nimload.nim.EmbeddingType;
import nimload.run.AnswerValues.Logits;
import nimload.run.AnswerValues.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerValuesTest {
    private static final float[] EAST = {1, 0, 0};
    private static final float[] NORTH = {0, 1, 0};

    private static Vectors vectors(float[]... vectors) {
        return new Vectors(List.of(vectors));
    }

    private static Logits logits(double... logits) {
        return new Logits(logits);
    }

    private static Optional<String> difference(AnswerValues now, AnswerValues before) {
        return now.differenceFrom(before, place -> place);
    }

    @Test
    void vectorsOfTwoTextsThatAreSwappedDiffer() {
        assertThat(difference(vectors(NORTH, EAST), vectors(EAST, NORTH)))
                .contains("text 0 got another vector than before (cosine 0.0000, at least 0.999 expected)");
        assertThat(vectors(NORTH, EAST).differenceFrom(vectors(EAST, NORTH), place -> 1 - place))
                .as("swapped in the request too")
                .isEmpty();
    }

    @Test
    void oneWrongVectorAmongManyIsFound() {
        Vectors same = new Vectors(Collections.nCopies(64, EAST));
        Vectors lastTurned =
                new Vectors(Stream.concat(Collections.nCopies(63, EAST).stream(), Stream.of(new float[] {-1, 0, 0}))
                        .toList());
        assertThat(difference(lastTurned, same))
                .contains("text 63 got another vector than before (cosine -1.0000, at least 0.999 expected)");
    }

    @ParameterizedTest
    @CsvSource({"0.99905, true", "0.99895, false"})
    void aCosineOf0Point999IsStillTheSameVector(double cosine, boolean same) {
        float[] turned = {(float) cosine, (float) Math.sqrt(1 - cosine * cosine), 0};
        assertThat(difference(vectors(turned, NORTH), vectors(EAST, NORTH)).isEmpty())
                .isEqualTo(same);
    }

    @Test
    void aVectorOfZerosIsNotTheSameAsItself() {
        Vectors zeros = vectors(new float[3]);
        assertThat(difference(zeros, zeros))
                .contains("text 0 got another vector than before (cosine NaN, at least 0.999 expected)");
    }

    @Test
    void logitsOfTwoPassagesThatAreSwappedDiffer() {
        assertThat(difference(logits(1, 3, 2), logits(1, 2, 3)))
                .contains("passage 1 got logit 3.000, before it got 2.000 (within 0.25 expected)");
        assertThat(logits(1, 3, 2).differenceFrom(logits(1, 2, 3), place -> new int[] {0, 2, 1}[place]))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.25, true", "-0.25, true", "0.26, false", "-0.26, false"})
    void aLogitMayMoveByAQuarter(double by, boolean same) {
        assertThat(difference(logits(1, 2, 3 + by), logits(1, 2, 3)).isEmpty()).isEqualTo(same);
    }

    @Test
    void oneOtherVectorOrLogitIsEnoughNotToBeAllAlike() {
        assertThat(vectors(EAST, EAST, EAST).allAlike()).contains("different texts got the same vector");
        assertThat(vectors(EAST, EAST, NORTH).allAlike()).isEmpty();
        assertThat(vectors(EAST).allAlike()).isEmpty();
        assertThat(logits(-2.5, -2.5).allAlike()).contains("different passages got the same logit -2.500");
        assertThat(logits(0, 0, 0.001).allAlike()).isEmpty();
        assertThat(logits(0).allAlike()).isEmpty();
    }

    @Test
    void twoAnswersTogetherHaveTheValuesOfBoth() {
        assertThat(vectors(EAST).and(vectors(EAST)).allAlike()).isPresent();
        assertThat(vectors(EAST).and(vectors(NORTH)).allAlike()).isEmpty();
        assertThat(logits(1).and(logits(1)).allAlike()).isPresent();
        assertThat(logits(1).and(logits(2)).allAlike()).isEmpty();
    }

    private static Logits scores(double... scores) {
        return new Logits(scores, true);
    }

    /** Logits of 0.25 more: 0.5 becomes 0.5622, 0.001 becomes 0.001284. */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.562, true",
        "0.5, 0.563, false",
        "0.001, 0.00128, true",
        "0.001, 0.00129, false",
        "0.9995, 1, true",
        "0, 0.000001, true",
        "0.00001, 0.00002, false",
        "7.5, 7.75, true",
        "7.5, 7.76, false",
        "-0.1, 0.2, false"
    })
    void scoresMayMoveByWhatLogitsMay(double before, double after, boolean same) {
        assertThat(difference(scores(after), scores(before)).isEmpty()).isEqualTo(same);
        assertThat(new Fingerprint.Logits(new double[] {after}, true)
                        .differenceFrom(new Fingerprint.Logits(new double[] {before}, true), place -> place)
                        .isEmpty())
                .isEqualTo(same);
    }

    @Test
    void smallScoresThatAreSwappedDiffer() {
        assertThat(difference(scores(0.00002, 0.00001), scores(0.00001, 0.00002)))
                .contains("passage 0 got score 0.000020, before it got 0.000010 (within 0.25 of logits expected)");
        assertThat(scores(0.1, 0.1).allAlike()).contains("different passages got the same score 0.100000");
    }

    /** Whole numbers as small as those of a unit vector of 1,024 numbers. */
    private static float[] rounded(long seed, int zero, double noise) {
        Random random = new Random(seed);
        Random others = new Random(-seed);
        float[] vector = new float[1024];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = zero + Math.round(4 * random.nextGaussian() + noise * others.nextGaussian());
        }
        return vector;
    }

    @ParameterizedTest
    @CsvSource({"INT8, 0", "UINT8, 128"})
    void wholeNumbersMayBeRoundedOtherwiseAndThoseOfOtherTextsDiffer(EmbeddingType type, int zero) {
        Vectors before = new Vectors(List.of(rounded(1, zero, 0), rounded(2, zero, 0)), type);
        Vectors again = new Vectors(List.of(rounded(1, zero, 0.057), rounded(2, zero, 0.057)), type);
        Vectors swapped = new Vectors(List.of(rounded(2, zero, 0), rounded(1, zero, 0)), type);
        assertThat(again.vectors().get(0)).isNotEqualTo(before.vectors().get(0));
        assertThat(difference(again, before)).isEmpty();
        assertThat(difference(swapped, before).orElseThrow())
                .startsWith("text 0 got another vector than before (cosine ")
                .endsWith(", at least 0.995 expected)");
        assertThat(difference(heads(again), heads(before))).isEmpty();
        assertThat(difference(heads(swapped), heads(before)).orElseThrow())
                .startsWith("text 0 got another vector than the first time");
    }

    private static Fingerprint heads(Vectors vectors) {
        float[][] heads = vectors.vectors().stream()
                .map(vector -> Arrays.copyOf(vector, 64))
                .toArray(float[][]::new);
        return new Fingerprint.Heads(heads, 1024, vectors.type());
    }

    private static Optional<String> difference(Fingerprint now, Fingerprint before) {
        return now.differenceFrom(before, place -> place);
    }
}
