package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {
    /** From tables of the sign test's intervals for the median, e.g. n = 10: 2nd and 9th value. */
    @ParameterizedTest
    @CsvSource({"6, 1, 6", "10, 2, 9", "20, 6, 15", "50, 18, 33", "100, 40, 61"})
    void theMediansRanksAreThoseOfTheTables(int n, long low, long high) {
        PercentileRanks ranks = PercentileRanks.of(n, 50, 1);
        assertThat(ranks.low()).hasValue(low);
        assertThat(ranks.high()).hasValue(high);
    }

    @Test
    void tooFewValuesBoundNothing() {
        assertThat(PercentileRanks.of(5, 50, 1).low()).isEmpty();
        assertThat(PercentileRanks.of(5, 50, 1).high()).isEmpty();
        assertThat(PercentileRanks.of(100, 99, 1).low()).hasValue(97);
        assertThat(PercentileRanks.of(100, 99, 1).high()).isEmpty();
        // 0.99 to the 368th is below 0.025, to the 367th it is not.
        assertThat(PercentileRanks.of(367, 99, 1).high()).isEmpty();
        assertThat(PercentileRanks.of(368, 99, 1).high()).hasValue(368);
    }

    /** 200 values worth 100: the ranks of 100, times two; 201 likewise, rounded outwards. */
    @Test
    void correlatedValuesHaveTheRanksOfFewerValuesScaledUp() {
        assertThat(PercentileRanks.of(200, 50, 2))
                .isEqualTo(new PercentileRanks(OptionalLong.of(80), OptionalLong.of(122)));
        assertThat(PercentileRanks.of(201, 50, 2))
                .isEqualTo(new PercentileRanks(OptionalLong.of(80), OptionalLong.of(123)));
    }

    @Property
    void ranksEncloseThePercentileAndAreWiderForCorrelatedValues(
            @ForAll @LongRange(min = 1, max = 1_000_000) long n,
            @ForAll @DoubleRange(min = 1, max = 99.9) double percentile,
            @ForAll @DoubleRange(min = 1, max = 50) double inflation) {
        PercentileRanks plain = PercentileRanks.of(n, percentile, 1);
        PercentileRanks wide = PercentileRanks.of(n, percentile, inflation);
        double rank = n * percentile / 100;
        plain.low().ifPresent(low -> assertThat((double) low).isLessThanOrEqualTo(rank + 1));
        plain.high().ifPresent(high -> assertThat((double) high).isGreaterThanOrEqualTo(rank));
        wide.low()
                .ifPresent(
                        low -> assertThat(low).isLessThanOrEqualTo(plain.low().orElseThrow() + (long) inflation + 1));
        assertThat(wide.high().orElse(n)).isBetween(1L, n);
    }

    /** ln 0.025 ÷ ln 0.99 is 367.04. */
    @ParameterizedTest
    @CsvSource({"50, 6", "90, 36", "95, 72", "99, 368", "99.9, 3688"})
    void aPercentileIsBoundedAboveFromAsManyValuesOnAndNotByOneLess(double percentile, long values) {
        assertThat(PercentileRanks.valuesToBoundAbove(percentile)).isEqualTo(values);
        assertThat(PercentileRanks.of(values, percentile, 1).high()).hasValue(values);
        assertThat(PercentileRanks.of(values - 1, percentile, 1).high()).isEmpty();
    }

    @Test
    void of92IntervalsAbout5Miss() {
        assertThat(Interval.missedByChance(92)).isCloseTo(4.6, within(1e-12));
    }

    @Test
    void aSteadyRateIsAsSureAsTheClockAndFewEventsHaveNoInterval() {
        BatchMeans rate = new BatchMeans();
        for (int i = 1; i <= 4; i++) {
            rate.add(i / 8.0);
        }
        assertThat(rate.interval(0)).isEmpty();
        for (int i = 5; i <= 100_000; i++) {
            rate.add(i / 8.0);
        }
        Interval interval = rate.interval(0).orElseThrow();
        // 0.5 µs of 12,500 s.
        assertThat(interval.low().orElseThrow()).isCloseTo(8 - 8 * 0.5e-6 / 12_500, within(1e-12));
        assertThat(interval.high().orElseThrow()).isCloseTo(8 + 8 * 0.5e-6 / 12_500, within(1e-12));
        assertThat(interval.low().orElseThrow()).isLessThan(interval.high().orElseThrow());
    }

    @Test
    void aStallAtTheVeryEndIsInTheInterval() {
        BatchMeans rate = new BatchMeans();
        for (int i = 1; i <= 3283; i++) {
            rate.add(i / 4000.0);
        }
        rate.add(1.5);
        Interval interval = rate.interval(0).orElseThrow();
        assertThat(3284 / 1.5)
                .isBetween(interval.low().orElseThrow(), interval.high().orElse(Double.MAX_VALUE));
    }

    @Test
    void aWaitAfterTheLastEventIsInTheInterval() {
        BatchMeans rate = new BatchMeans();
        for (int i = 1; i <= 3000; i++) {
            rate.add(i / 100.0);
        }
        Interval interval = rate.interval(90).orElseThrow();
        assertThat(3000 / 90.0)
                .isBetween(interval.low().orElseThrow(), interval.high().orElse(Double.MAX_VALUE));
    }

    @Property
    void aRatesIntervalHoldsTheRateOfWhatItSaw(@ForAll @IntRange(min = 64, max = 5000) int events, @ForAll int seed) {
        BatchMeans rate = new BatchMeans();
        double now = 0;
        java.util.Random random = new java.util.Random(seed);
        for (int i = 0; i < events; i++) {
            now += 0.5 + random.nextDouble();
            rate.add(now);
        }
        Interval interval = rate.interval(0).orElseThrow();
        assertThat(events / now)
                .isBetween(interval.low().orElseThrow(), interval.high().orElse(Double.MAX_VALUE));
    }

    @Test
    void repeatsHaveStudentsIntervalOnTheLogarithmsFromThreeOn() {
        assertThat(RepeatedRuns.interval(List.of(10.0, 11.0))).isEmpty();
        Interval interval = RepeatedRuns.interval(List.of(9.0, 10.0, 100 / 9.0)).orElseThrow();
        // Logarithms 10 ± ln(10/9); t with 2 degrees of freedom is 4.3027.
        double error = Math.log(10 / 9.0) / Math.sqrt(3) * 4.302652729911275;
        assertThat(interval.low().orElseThrow()).isCloseTo(10 * Math.exp(-error), within(1e-9));
        assertThat(interval.high().orElseThrow()).isCloseTo(10 * Math.exp(error), within(1e-9));
        assertThat(RepeatedRuns.coefficientOfVariation(List.of(9.0, 10.0, 11.0)).orElseThrow())
                .isCloseTo(0.1, within(1e-12));
        assertThat(RepeatedRuns.coefficientOfVariation(List.of(9.0, 11.0)).orElseThrow())
                .isCloseTo(Math.sqrt(2) / 10, within(1e-12));
        assertThat(RepeatedRuns.coefficientOfVariation(List.of(9.0))).isEmpty();
    }
}
