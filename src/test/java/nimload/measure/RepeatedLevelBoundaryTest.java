package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;

class RepeatedLevelBoundaryTest {
    /** Latencies of 10 and 30 ms by turns, so that the rate has an interval. */
    private static LoadPointResult run(int requests) {
        return new RecordedLevel()
                .tokens(20)
                .answers(LongStream.range(0, requests).map(i -> i * 37 % 101 % 2 == 0 ? 10_000 : 30_000))
                .result(QUERY);
    }

    private static Interval interval(LoadPointResult result) {
        return result.samples().rateInterval().orElseThrow();
    }

    private static double rate(LoadPointResult result) {
        return result.samples().requestsPerSecond().orElseThrow();
    }

    @Test
    void twoAlikeRepeatsLeaveTheRateOffByOneOverTheRootOfTwo() {
        LoadPointResult one = run(400);
        LoadPointResult both = LoadPointResult.together(List.of(one, run(400)));
        assertThat(rate(both)).isCloseTo(rate(one), within(1e-9));
        double below = rate(one) - interval(one).low().orElseThrow();
        double above = interval(one).high().orElseThrow() - rate(one);
        assertThat(below).isGreaterThan(0.1);
        assertThat(rate(both) - interval(both).low().orElseThrow()).isCloseTo(below / Math.sqrt(2), within(1e-9));
        assertThat(interval(both).high().orElseThrow() - rate(both)).isCloseTo(above / Math.sqrt(2), within(1e-9));
    }

    @Test
    void aLongerRepeatWeighsByItsTime() {
        LoadPointResult longer = run(600);
        LoadPointResult shorter = run(150);
        LoadPointResult both = LoadPointResult.together(List.of(longer, shorter));
        double weight = (double) longer.samples().windowNanos()
                / (longer.samples().windowNanos() + shorter.samples().windowNanos());
        double below = Math.hypot(
                weight * (rate(longer) - interval(longer).low().orElseThrow()),
                (1 - weight) * (rate(shorter) - interval(shorter).low().orElseThrow()));
        assertThat(rate(both) - interval(both).low().orElseThrow()).isCloseTo(below, within(1e-9));
    }
}
