package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static double[] parts(int count, int asLong) {
        return IntStream.range(0, count)
                .mapToDouble(i -> i / asLong % 2 == 0 ? 2 : 3)
                .toArray();
    }

    @Test
    void twentyPartsAreTheFewest() {
        assertThat(Reach.of(parts(19, 1))).isEmpty();
        assertThat(Reach.of(parts(20, 1)).orElseThrow().interval()).isEqualTo(Interval.of(2, 3));
    }

    /** Twenty halves of either sign: 19 products, of which each change of sides turns one around. */
    @Test
    void neighboursAreAsMuchAlikeAsTheyStayOnOneSide() {
        assertThat(Reach.of(parts(20, 1)).orElseThrow().correlation()).isCloseTo(-19 / 20.0, within(1e-12));
        assertThat(Reach.of(parts(20, 10)).orElseThrow().correlation()).isCloseTo(17 / 20.0, within(1e-12));
    }

    @Test
    void theOrderOfBatchesDecidesWhetherTheRateReachesFromTheSlowestToTheFastest() {
        Interval together = rate(10);
        assertThat(together.low().orElseThrow()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(together.high().orElseThrow()).isCloseTo(1 / 2.0, within(1e-9));
        assertThat(rate(1).low().orElseThrow()).isGreaterThan(0.36);
    }

    private static Interval rate(int asLong) {
        BatchMeans events = new BatchMeans();
        double now = 0;
        for (double seconds : parts(40, asLong)) {
            now += seconds;
            events.add(now);
        }
        return events.interval(0).orElseThrow();
    }
}
