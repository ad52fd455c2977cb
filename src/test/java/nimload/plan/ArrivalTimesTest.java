package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalTimesTest {
    private static long[] nanos(Load load, long seed, int count) {
        ArrivalTimes times = new ArrivalTimes(load, seed);
        return LongStream.generate(times::nextNanos).limit(count).toArray();
    }

    @Test
    void constantArrivalsAt400PerSecondAreExactly2500MicrosecondsApartWithoutDrift() {
        long[] nanos = nanos(Load.constant(400), 1, 1_000_001);
        assertThat(nanos).startsWith(0, 2_500_000, 5_000_000);
        assertThat(nanos[1_000_000]).isEqualTo(2_500L * 1_000_000_000);
    }

    /** Of exponential distances the standard deviation is the mean, and e⁻¹ of them are longer than it. */
    @Test
    void poissonArrivalsHaveIndependentExponentialDistances() {
        int count = 200_000;
        long[] nanos = nanos(Load.poisson(1000), 7, count);
        double[] distances = new double[count - 1];
        Arrays.setAll(distances, i -> (nanos[i + 1] - nanos[i]) / 1e6);
        double mean = Arrays.stream(distances).average().orElseThrow();
        double squares = Arrays.stream(distances)
                .map(d -> (d - mean) * (d - mean))
                .average()
                .orElseThrow();
        double together = 0;
        for (int i = 1; i < distances.length; i++) {
            together += (distances[i] - mean) * (distances[i - 1] - mean) / squares / distances.length;
        }
        assertThat(mean).isCloseTo(1, within(0.01));
        assertThat(Math.sqrt(squares)).isCloseTo(1, within(0.02));
        assertThat(Arrays.stream(distances).filter(d -> d > 1).count() / (double) distances.length)
                .isCloseTo(Math.exp(-1), within(0.005));
        assertThat(together).isCloseTo(0, within(0.01));
    }

    @Test
    void aSeedGivesTheSameTimesAgainAndAnotherSeedOthers() {
        assertThat(nanos(Load.poisson(50), 3, 100))
                .isEqualTo(nanos(Load.poisson(50), 3, 100))
                .isNotEqualTo(nanos(Load.poisson(50), 4, 100));
    }

    /** At a rate above a request per nanosecond two would fall on the same one. */
    @Test
    void noTwoArrivalsHaveTheSameTime() {
        assertThat(nanos(Load.poisson(3e9), 1, 10_000)).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aClosedLoadHasNoArrivals() {
        assertThatThrownBy(() -> new ArrivalTimes(Load.CLOSED, 1)).hasMessage("a closed load has no arrivals");
    }
}
