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

    /** Waits that resemble each other: their reach counts, and a wait that the clock did not see bounds nothing. */
    @ParameterizedTest
    @CsvSource({"0, ''", "0.4e-6, ''", "2e-6, 500000"})
    void waitsThatTheClockDidNotSeeLeaveAnAlikeRateWithoutAnUpperBound(double shortest, String high) {
        BatchMeans rate = new BatchMeans();
        double now = 0;
        for (int i = 0; i < 60; i++) {
            now += i < 30 ? shortest : 0.5;
            rate.add(now);
        }
        Interval interval = rate.interval(0).orElseThrow();
        assertThat(interval.low()).hasValue(2);
        assertThat(interval.high().isPresent()).isEqualTo(!high.isEmpty());
        interval.high().ifPresent(end -> assertThat(end).isCloseTo(Double.parseDouble(high), within(1.0)));
    }

    /** Two events 1 s apart and two 3 s apart, over and over; from 41 on, 40 parts are of one event or two. */
    @ParameterizedTest
    @CsvSource({
        "31, 0.418705853417, 0.646340389284",
        "32, 0.412470353006, 0.634685567821",
        "33, 0.424573877514, 0.631276769320",
        "63, 0.443638798963, 0.583373397995"
    })
    void theWidestOfAllAndTwentyPartsDecides(int events, double low, double high) {
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
    void aSteadyRateIsAsSureAsTheClockForAnyNumberOfEvents() {
        BatchMeans rate = new BatchMeans();
        for (int events = 1; events <= 300; events++) {
            rate.add(events / 4.0);
            if (events >= 5) {
                Interval interval = rate.interval(0).orElseThrow();
                double clock = 4 * 0.5e-6 / (events / 4.0);
                assertThat(interval.low().orElseThrow())
                        .as("%d events", events)
                        .isCloseTo(4 - clock, within(1e-9 + clock * clock));
                assertThat(interval.high().orElseThrow())
                        .as("%d events", events)
                        .isCloseTo(4 + clock, within(1e-9 + clock * clock));
            }
        }
    }

    @Test
    void anEventOutOfOrderCountsAtTheTimeOfTheOneBefore() {
        assertThat(events(1, 2, 1.5, 4, 5, 6).interval(0))
                .isEqualTo(events(1, 2, 2, 4, 5, 6).interval(0));
    }
}
