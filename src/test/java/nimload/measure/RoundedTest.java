package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundedTest {
    @Test
    void anIntervalIsRoundedOutwards() {
        assertThat(Rounded.to(1, Interval.of(1.27, 1.31))).isEqualTo(Interval.of(1.2, 1.4));
        assertThat(Rounded.to(1, Interval.of(0.1 + 0.2, 0.7 + 0.1))).isEqualTo(Interval.of(0.3, 0.8));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNotAFiniteNumberWasNotMeasured(double value) {
        assertThat(Rounded.to(3, OptionalDouble.of(value))).isEmpty();
        Interval interval = Rounded.to(3, Interval.of(value, value));
        assertThat(interval.low()).isEmpty();
        assertThat(interval.high()).isEmpty();
    }
}
