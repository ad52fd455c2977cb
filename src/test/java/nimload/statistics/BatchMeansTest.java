package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intervals against SciPy's t distribution, worked out batch by batch. */
class BatchMeansTest {
    private static BatchMeans events(double... seconds) {
        BatchMeans events = new BatchMeans();
        DoubleStream.of(seconds).forEach(events::add);
        return events;
    }

    @Test
    void fiveEventsAreTheFewestWithAnInterval() {
        assertThat(events(1, 2, 3, 4).interval(0)).isEmpty();
        Interval interval = events(1, 2, 3, 4, 6).interval(0).orElseThrow();
        assertThat(interval.low().orElseThrow()).isCloseTo(0.569706748013, within(1e-9));
        assertThat(interval.high().orElseThrow()).isCloseTo(1.551082628704, within(1e-9));
    }

    @Test
    void oneLongWaitLeavesTheRateWithoutAnUpperBound() {
        Interval interval = events(0, 0, 0, 0, 10).interval(0).orElseThrow();
        assertThat(interval.low().orElseThrow()).isCloseTo(0.132399647306, within(1e-9));
        assertThat(interval.high()).isEmpty();
    }

    /**
     * Two events 1 s apart and two 3 s apart, over and over: 31 batches of one, 16 of two, 16 of two and one left over.
     */
    @ParameterizedTest
    @CsvSource({
        "31, 0.427274811236, 0.626931830055",
        "32, 0.392104904045, 0.689815926268",
        "33, 0.401491631251, 0.690282616074"
    })
    void from32EventsOnBatchesOfSeveralDecide(int events, double low, double high) {
        BatchMeans rate = new BatchMeans();
        double now = 0;
        for (int i = 0; i < events; i++) {
            now += i % 4 < 2 ? 1 : 3;
            rate.add(now);
        }
        Interval interval = rate.interval(0).orElseThrow();
        assertThat(interval.low().orElseThrow()).isCloseTo(low, within(1e-9));
        assertThat(interval.high().orElseThrow()).isCloseTo(high, within(1e-9));
    }

    /** Whatever number of events the last batch leaves over. */
    @Test
    void aSteadyRateIsItsOwnIntervalForAnyNumberOfEvents() {
        BatchMeans rate = new BatchMeans();
        for (int events = 1; events <= 300; events++) {
            rate.add(events / 4.0);
            if (events >= 5) {
                Interval interval = rate.interval(0).orElseThrow();
                assertThat(interval.low().orElseThrow()).as("%d events", events).isCloseTo(4, within(1e-9));
                assertThat(interval.high().orElseThrow())
                        .as("%d events", events)
                        .isCloseTo(4, within(1e-9));
            }
        }
    }

    @Test
    void anEventOutOfOrderCountsAtTheTimeOfTheOneBefore() {
        assertThat(events(1, 2, 1.5, 4, 5, 6).interval(0))
                .isEqualTo(events(1, 2, 2, 4, 5, 6).interval(0));
    }
}
