package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Worked by hand from t ÷ 1.96 of SciPy: 2.0227 for 39 degrees of freedom, 2.0930 for 19, 2.2622 for 9, 2.7764 for 4. */
class InflationTest {
    private static long[] slices(int count, IntToLongFunction requests) {
        return IntStream.range(0, count).mapToLong(requests).toArray();
    }

    private static double inflation(long[] below, long[] counts) {
        return Inflation.of(below, below, counts);
    }

    private static double widened(double student) {
        return Math.pow(student / 1.959964, 2);
    }

    @Test
    void slicesThatScatterByChanceInflateNothing() {
        long[] counts = slices(40, i -> 100);
        // Variance of 100 fair coins: 25.
        assertThat(inflation(slices(40, i -> 50), counts)).isEqualTo(1);
        assertThat(inflation(slices(40, i -> i % 2 == 0 ? 45 : 55), counts))
                .isCloseTo(40 / 39.0 * widened(2.022691), within(1e-5));
    }

    /** Pairs of pairs: correlation 0.07 of neighbours, which is no memory, but 20 parts scatter twice as much. */
    @Test
    void twentyPartsCountEvenWithoutMemory() {
        int[] pattern = {1, 1, -1, -1, 1, -1, 1, -1};
        long[] below = slices(40, i -> 50 + 5 * pattern[i % 8]);
        // Of 20 parts: ±10 twice in four, 0 else; variance 100/2 × 20 ÷ 19 × 20 of 4,000 coins' 1,000.
        double of20 = 20 * 50 * 20 / 19.0 / 1000 * widened(2.093024);
        double of40 = 40 * 25 * 40 / 39.0 / 1000 * widened(2.022691);
        assertThat(inflation(below, slices(40, i -> 100))).isCloseTo(Math.max(of20, of40), within(1e-5));
        assertThat(of20).isGreaterThan(of40);
    }

    /** Eight slices of one kind, then eight of the other: five parts of eight are worth what they scatter, and more. */
    @Test
    void longMemoryInflatesMoreThanAnyCutOfTheLevelShows() {
        long[] below = slices(40, i -> i / 8 % 2 == 0 ? 40 : 60);
        double seen = inflation(below, slices(40, i -> 100));
        double of5 =
                (3 * Math.pow(8 * 8, 2) + 2 * Math.pow(8 * 12, 2)) * 5 / 4 / (4000 * 0.48 * 0.52) * widened(2.776445);
        assertThat(seen).isGreaterThan(of5);
        // The correlation is at most 0.98, which is 99 times, with four degrees of freedom.
        double of40 = (24 * 64.0 + 16 * 144) * 40 / 39 / (4000 * 0.48 * 0.52);
        assertThat(seen).isLessThanOrEqualTo(99 * of40 * widened(2.776445));
    }

    @Test
    void memoryOfTheMedianCountsForEveryOtherValue() {
        long[] counts = slices(40, i -> 100);
        long[] saw = slices(40, i -> i % 2 == 0 ? 90 : 100);
        long[] wandering = slices(40, i -> i / 8 % 2 == 0 ? 40 : 60);
        double alone = inflation(saw, counts);
        // Of neighbours that differ, no cut scatters more; the correction of their correlation is below 0.
        assertThat(Inflation.of(saw, wandering, counts)).isGreaterThanOrEqualTo(alone);
        long[] pulse = slices(40, i -> i == 20 ? 60 : 95);
        assertThat(Inflation.of(pulse, wandering, counts)).isGreaterThan(1.5 * inflation(pulse, counts));
    }

    @Test
    void moreThan40SlicesCountAsFortyParts() {
        long[] below = slices(80, i -> i % 4 < 2 ? 45 : 55);
        long[] pairs = slices(40, i -> i % 2 == 0 ? 90 : 110);
        assertThat(inflation(below, slices(80, i -> 100)))
                .isCloseTo(inflation(pairs, slices(40, i -> 200)), within(1e-12));
    }

    @Test
    void inflationIs1WhereNothingOrEverythingLiesBelow() {
        assertThat(inflation(new long[20], new long[20])).isEqualTo(1);
        long[] ones = slices(8, i -> 1);
        assertThat(inflation(ones, ones)).isEqualTo(1);
        assertThat(inflation(new long[8], ones)).isEqualTo(1);
    }

    @Test
    void theScatterOfEightSlicesCountsAndOfSevenEachIsWorthOneRequest() {
        assertThat(inflation(slices(7, i -> 5), slices(7, i -> 10))).isEqualTo(10);
        assertThat(inflation(slices(8, i -> 5), slices(8, i -> 10))).isEqualTo(1);
    }

    @Test
    void ofFewSlicesEachIsWorthOneRequest() {
        assertThat(inflation(new long[] {9, 0, 0}, new long[] {9, 9, 0})).isEqualTo(9);
        assertThat(inflation(new long[] {1, 0, 0}, new long[] {1, 1, 0})).isEqualTo(1);
    }

    @Test
    void slicesWithoutRequestsAreNone() {
        long[] counts = slices(40, i -> i % 2 == 0 ? 100 : 0);
        long[] below = slices(40, i -> i % 4 == 0 ? 45 : i % 4 == 2 ? 55 : 0);
        long[] without = Arrays.stream(below).filter(requests -> requests > 0).toArray();
        assertThat(inflation(below, counts)).isEqualTo(inflation(without, slices(20, i -> 100)));
    }
}
