package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import nimload.run.Fingerprint.Heads;
import nimload.run.Fingerprint.Logits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    private static Heads heads(float[]... heads) {
        return new Heads(heads, 1024);
    }

    private static Optional<String> difference(Fingerprint again, Fingerprint first) {
        return again.differenceFrom(first, place -> place);
    }

    /** 2 × √(2 × 0.001) = 0.08944 of a head's length */
    @ParameterizedTest(name = "a head of length {0} that moved by {1}")
    @CsvSource({"1, 0.0894, true", "1, 0.0895, false", "0.5, 0.0447, true", "0.5, 0.0448, false", "-1, -0.0895, false"})
    void aHeadMayMoveByTwiceTheDistanceOfVectorsOfTheLeastCosine(float length, float moved, boolean same) {
        assertThat(difference(heads(new float[] {length + moved, 0}), heads(new float[] {length, 0}))
                        .isEmpty())
                .isEqualTo(same);
    }

    @Test
    void theLengthIsTheTypicalOneOfAllHeads() {
        float[] small = {0.01f, 0};
        Heads first = heads(small, new float[] {1, 0});
        // √((0.0001 + 1) / 2) × 0.08944 = 0.0632
        assertThat(difference(heads(new float[] {0.073f, 0}, new float[] {1, 0}), first))
                .isEmpty();
        assertThat(difference(heads(new float[] {0.074f, 0}, new float[] {1, 0}), first))
                .contains("text 0 got another vector than the first time (its first numbers are 0.0640 apart, at most"
                        + " 0.0632 expected)");
    }

    @Test
    void aHeadThatIsNoNumberDiffers() {
        assertThat(difference(heads(new float[] {Float.NaN, 0}), heads(new float[] {1, 0})))
                .isPresent();
    }

    @Test
    void headsAreComparedAtTheirPlaces() {
        Heads first = heads(new float[] {1, 0}, new float[] {0, 1});
        Heads swapped = heads(new float[] {0, 1}, new float[] {1, 0});
        assertThat(difference(swapped, first)).isPresent();
        assertThat(swapped.differenceFrom(first, place -> 1 - place)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.25, true", "-0.25, true", "0.26, false", "-0.26, false", "NaN, false"})
    void aLogitMayMoveByAQuarter(double by, boolean same) {
        assertThat(difference(new Logits(new double[] {1, 2 + by}), new Logits(new double[] {1, 2}))
                        .isEmpty())
                .isEqualTo(same);
    }

    @Test
    void aLogitThatDiffersIsNamed() {
        assertThat(difference(new Logits(new double[] {1, 5}), new Logits(new double[] {1, 2})))
                .contains("passage 1 got logit 5.000, the first time 2.000 (within 0.25 expected)");
    }

    @Test
    void aKeyDiffersWithEachNumberOfItsHeadAndWithTheirOrder() {
        long key = heads(new float[] {1, 2, 3}).keys()[0];
        assertThat(heads(new float[] {1, 2, 3}).keys()[0]).isEqualTo(key);
        for (float[] other : new float[][] {{1, 2, 3.0000002f}, {1, 2.0000002f, 3}, {2, 1, 3}, {3, 2, 1}, {1, 2}}) {
            assertThat(heads(other).keys()[0]).isNotEqualTo(key);
        }
        assertThat(heads(new float[] {1}, new float[] {2}, new float[] {1}).keys())
                .hasSize(3)
                .satisfies(keys -> assertThat(keys[0]).isEqualTo(keys[2]).isNotEqualTo(keys[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1,2,3", "1,2,3,3", "0,0,0,0,0"})
    void rankingsOfFewerThanFourDifferentLogitsHaveNoKey(String logits) {
        assertThat(logits(logits).keys()).isEmpty();
    }

    @Test
    void aRankingOfFourDifferentLogitsHasOneKeyOfAllInTheirOrder() {
        long[] keys = logits("1,2,3,4").keys();
        assertThat(keys).hasSize(1).isEqualTo(logits("1,2,3,4").keys());
        assertThat(keys).isNotEqualTo(logits("1,2,4,3").keys());
        assertThat(keys).isNotEqualTo(logits("1,2,3,4.0001").keys());
    }

    private static Logits logits(String numbers) {
        return new Logits(Arrays.stream(numbers.split(","))
                .mapToDouble(Double::parseDouble)
                .toArray());
    }
}
