package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import nimload.results.Percentile;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentilesTest {
    /** Five digits: from 262.144 ms on the histogram does not tell two neighbouring µs apart. */
    @ParameterizedTest
    @CsvSource({"10000, 0.0005", "262143, 0.0005", "262144, 0.001", "524288, 0.002"})
    void equalLatenciesAreKnownToHalfAMicrosecondOrHalfOfTheHistogramsLastDigit(long micros, double halfMillis) {
        LevelSamples samples = new RecordedLevel().answers(400, micros).samples();
        double p50 = samples.percentileMillis(Percentile.P50).orElseThrow();
        Interval interval = samples.percentileInterval(Percentile.P50).orElseThrow();
        assertThat(p50 - interval.low().orElseThrow()).isCloseTo(halfMillis, within(1e-9));
        assertThat(interval.high().orElseThrow() - p50).isCloseTo(halfMillis, within(1e-9));
    }

    /** Every second latency is the same, the others lie above it. */
    @Test
    void aTiedPercentileHasAnIntervalOnBothSides() {
        LevelSamples samples = new RecordedLevel()
                .answers(LongStream.range(0, 400).map(i -> i % 4 == 0 ? 10_000 + i : 10_000))
                .samples();
        Interval interval = samples.percentileInterval(Percentile.P50).orElseThrow();
        assertThat(interval.low().orElseThrow()).isCloseTo(9.9995, within(1e-9));
        assertThat(interval.high().orElseThrow()).isCloseTo(10.0005, within(1e-9));
    }

    @Test
    void anIntervalIsRoundedOutwards() {
        LoadPointResult level =
                new RecordedLevel().tokens(20).answers(400, 10_000).result(QUERY);
        Interval interval = level.results()
                .latency()
                .estimate(Percentile.P50)
                .orElseThrow()
                .interval()
                .orElseThrow();
        assertThat(interval).isEqualTo(Interval.of(9.999, 10.001));
        // What is round already stays: 0.29 × 1000 is a little below 290.
        assertThat(Rounded.to(3, Interval.of(0.29, 1.005))).isEqualTo(Interval.of(0.29, 1.005));
        assertThat(Rounded.to(2, Interval.of(0.29, 1.151))).isEqualTo(Interval.of(0.29, 1.16));
    }

    @Test
    void anIntervalOfSeveralLatenciesEndsAtLatenciesThatWereObserved() {
        LevelSamples samples = new RecordedLevel()
                .answers(LongStream.range(0, 400).map(i -> 10_000 + i * 37 % 401))
                .samples();
        Interval interval = samples.percentileInterval(Percentile.P50).orElseThrow();
        assertThat(1e3 * interval.low().orElseThrow() % 1).isZero();
        assertThat(interval.high().orElseThrow() - interval.low().orElseThrow()).isGreaterThan(0.02);
    }
}
