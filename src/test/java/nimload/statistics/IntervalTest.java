package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private static final Interval LOW_ONLY = new Interval(OptionalDouble.of(2), OptionalDouble.empty());
    private static final Interval HIGH_ONLY = new Interval(OptionalDouble.empty(), OptionalDouble.of(9));

    @Test
    void theHullIsTheShortestIntervalThatHoldsBoth() {
        assertThat(Interval.of(1, 5).hull(Interval.of(3, 8))).isEqualTo(Interval.of(1, 8));
        assertThat(Interval.of(3, 8).hull(Interval.of(1, 5))).isEqualTo(Interval.of(1, 8));
        assertThat(Interval.of(1, 8).hull(Interval.of(3, 5))).isEqualTo(Interval.of(1, 8));
    }

    @Test
    void aSideThatEitherLeavesOpenStaysOpen() {
        assertThat(Interval.of(3, 5).hull(LOW_ONLY)).isEqualTo(LOW_ONLY);
        assertThat(LOW_ONLY.hull(Interval.of(3, 5))).isEqualTo(LOW_ONLY);
        assertThat(Interval.of(3, 5).hull(HIGH_ONLY)).isEqualTo(HIGH_ONLY);
        assertThat(HIGH_ONLY.hull(Interval.of(3, 5))).isEqualTo(HIGH_ONLY);
    }

    @Test
    void noEndReachesFurtherThanInTheOther() {
        Interval open = new Interval(OptionalDouble.empty(), OptionalDouble.empty());
        assertThat(Interval.of(1, 4).within(Interval.of(2, 5))).isEqualTo(Interval.of(2, 4));
        assertThat(open.within(Interval.of(2, 5))).isEqualTo(Interval.of(2, 5));
        assertThat(Interval.of(2, 5).within(open)).isEqualTo(Interval.of(2, 5));
        assertThat(open.within(open)).isEqualTo(open);
    }
}
