package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Levels that were expected to last 4 s: a part is 0.1 s. */
class SliceRecorderTest {
    private final SliceRecorder recorder = new SliceRecorder(4);

    /** Ten answers a second, in the middle between two tenths, up to a time. */
    private void answersUntil(double seconds) {
        for (int i = 0; i < Math.round(10 * seconds); i++) {
            recorder.success(i / 10.0 + 0.05, 1000 + i);
        }
    }

    private static List<Long> requests(List<LevelSlice> slices) {
        return slices.stream().map(slice -> slice.slice().requests()).toList();
    }

    @Test
    void aLevelOfTheExpectedLengthHasForty() {
        answersUntil(4);
        List<LevelSlice> slices = recorder.slices();
        assertThat(requests(slices)).hasSize(40).containsOnly(1L);
        assertThat(slices.get(39).slice().fromSeconds()).isEqualTo(3.9);
        assertThat(slices.get(39).slice().toSeconds()).isEqualTo(4);
        assertThat(slices.get(39).slice().max()).hasValue(1.039);
    }

    @Test
    void upTo79PartsKeepTheirLengthAndTheEightiethMakesFortyOfTwice() {
        answersUntil(7.9);
        assertThat(requests(recorder.slices())).hasSize(79).containsOnly(1L);
        recorder.failure(7.95);
        List<LevelSlice> slices = recorder.slices();
        assertThat(requests(slices).subList(0, 39)).containsOnly(2L);
        assertThat(slices).hasSize(40);
        assertThat(slices.get(39).slice().requests()).isEqualTo(1);
        assertThat(slices.get(39).slice().errors()).isEqualTo(1);
        assertThat(slices.get(39).slice().fromSeconds()).isEqualTo(7.8);
        assertThat(slices.get(39).slice().toSeconds()).isEqualTo(8);
        assertThat(slices.get(0).slice().max()).hasValue(1.001);
        // The geometric mean of 1.000 and 1.001 ms.
        assertThat(slices.get(0).typicalMillis()).isCloseTo(Math.sqrt(1.001), within(1e-12));
    }

    @Test
    void aLevelOfAnyLengthBeyondTheExpectedHas40To79EqualParts() {
        for (int second = 0; second < 100; second++) {
            for (int i = 0; i < 20; i++) {
                recorder.success(second + i / 20.0, 1000);
            }
            List<LevelSlice> slices = recorder.slices();
            if (second >= 4) {
                assertThat(slices).hasSizeBetween(40, 79);
            }
            double length = slices.get(0).slice().toSeconds();
            assertThat(slices)
                    .allSatisfy(slice -> assertThat(
                                    slice.slice().toSeconds() - slice.slice().fromSeconds())
                            .isCloseTo(length, within(1e-6)));
            assertThat(requests(slices).stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(20L * (second + 1));
        }
    }

    @Test
    void anAnswerFarBeyondMergesAsOftenAsItTakes() {
        answersUntil(4);
        recorder.success(400, 5000);
        List<LevelSlice> slices = recorder.slices();
        assertThat(slices).hasSizeBetween(40, 79);
        assertThat(slices.get(0).slice().toSeconds()).isEqualTo(6.4);
        assertThat(slices.get(0).slice().requests()).isEqualTo(40);
        assertThat(slices.get(slices.size() - 1).slice().toSeconds()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void whatEndsAfterTheWindowIsInItsLastPart() {
        answersUntil(4);
        recorder.success(5.03, 9000);
        recorder.windowEnds(4);
        recorder.failure(6);
        List<LevelSlice> slices = recorder.slices();
        assertThat(slices).hasSize(40);
        assertThat(slices.get(39).slice().requests()).isEqualTo(2);
        assertThat(slices.get(39).slice().errors()).isEqualTo(1);
        assertThat(slices.get(39).slice().max()).hasValue(9);
        assertThat(slices.get(39).slice().toSeconds()).isEqualTo(6);
    }

    @Test
    void lessThanHalfAPartAtTheEndOfTheWindowIsInTheLastPartAndMoreIsOne() {
        answersUntil(5);
        recorder.windowEnds(4.94);
        assertThat(recorder.slices()).hasSize(49);
        SliceRecorder longer = new SliceRecorder(4);
        longer.success(4.95, 1000);
        longer.windowEnds(4.96);
        assertThat(longer.slices()).hasSize(50);
        assertThat(longer.slices().get(49).slice().toSeconds()).isEqualTo(4.96);
    }

    @Test
    void anAnswerBeforeTheWindowIsInTheFirst() {
        recorder.success(-0.5, 1000);
        assertThat(requests(recorder.slices())).containsExactly(1L);
    }

    /** Forty slices, each all below or all above: two regimes, each worth far fewer requests. */
    @Test
    void inflationIsThatOfTheSlices() {
        for (int i = 0; i < 400; i++) {
            recorder.success(i / 100.0 + 0.005, i / 50 % 2 == 0 ? 1000 : 2000);
        }
        assertThat(recorder.inflation(1000)).isGreaterThan(50);
        assertThat(recorder.inflation(2000)).isEqualTo(1);
    }
}
