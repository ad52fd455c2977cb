package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import nimload.statistics.Ratio.Estimate;
import org.junit.jupiter.api.Test;

class RatioTest {
    private static Estimate estimate(double value, double low, double high) {
        return new Estimate(value, Interval.of(low, high), 0);
    }

    @Test
    void squaresOfTheLogarithmsDistancesAreAdded() {
        // ln 1.1 and ln 1.2 up, ln 1.3 and ln 1.4 down.
        Ratio ratio = Ratio.of(estimate(2, 2 / 1.3, 2 * 1.1), estimate(1, 1 / 1.2, 1.4));
        assertThat(ratio.value()).isEqualTo(2, within(1e-12));
        double above = Math.hypot(Math.log(1.1), Math.log(1.2));
        double below = Math.hypot(Math.log(1.3), Math.log(1.4));
        assertThat(ratio.interval().high().orElseThrow()).isEqualTo(2 * Math.exp(above), within(1e-9));
        assertThat(ratio.interval().low().orElseThrow()).isEqualTo(2 * Math.exp(-below), within(1e-9));
    }

    @Test
    void aFurtherVarianceWidensTheIntervalByItsNormalQuantile() {
        Estimate exact = new Estimate(1, Interval.of(1, 1), 0.01 * 0.01);
        Ratio ratio = Ratio.of(exact, exact);
        assertThat(ratio.interval().high().orElseThrow())
                .isEqualTo(Math.exp(1.959964 * 0.01 * Math.sqrt(2)), within(1e-9));
    }

    @Test
    void aSideIsUnknownIfALimitThatItNeedsIs() {
        Estimate open = new Estimate(10, new Interval(OptionalDouble.of(9), OptionalDouble.empty()), 0);
        assertThat(Ratio.of(open, estimate(10, 9, 11)).interval().low()).isPresent();
        assertThat(Ratio.of(open, estimate(10, 9, 11)).interval().high()).isEmpty();
        assertThat(Ratio.of(estimate(10, 9, 11), open).interval().low()).isEmpty();
        assertThat(Ratio.of(estimate(10, 9, 11), open).interval().high()).isPresent();
        assertThat(Ratio.of(estimate(10, 0, 11), estimate(10, 9, 11)).interval().low())
                .as("nothing is a part of 0")
                .isEmpty();
    }

    @Test
    void zeroHasNoRatio() {
        assertThatThrownBy(() -> Ratio.of(estimate(1, 1, 1), estimate(0, 0, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no ratio of 1.0 and 0.0");
        assertThatThrownBy(() -> Ratio.of(estimate(0, 0, 0), estimate(1, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no ratio of 0.0 and 1.0");
    }

    @Property(tries = 200)
    void aNumbersRatioToItselfIs1AndItsIntervalHolds1(
            @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1e6) double value,
            @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1) double down,
            @ForAll @DoubleRange(min = 1, max = 100) double up) {
        Ratio ratio = Ratio.of(estimate(value, value * down, value * up), estimate(value, value * down, value * up));
        assertThat(ratio.value()).isEqualTo(1);
        assertThat(ratio.interval().low().orElseThrow()).isLessThanOrEqualTo(1);
        assertThat(ratio.interval().high().orElseThrow()).isGreaterThanOrEqualTo(1);
    }

    @Property(tries = 200)
    void swappingTheNumbersInvertsTheRatio(
            @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1e6) double one,
            @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1e6) double other,
            @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1) double down,
            @ForAll @DoubleRange(min = 1, max = 100) double up) {
        Estimate a = estimate(one, one * down, one * up);
        Estimate b = estimate(other, other * down * down, other * up * 2);
        Ratio there = Ratio.of(a, b);
        Ratio back = Ratio.of(b, a);
        assertThat(there.value() * back.value()).isEqualTo(1, within(1e-9));
        assertThat(there.interval().low().orElseThrow() * back.interval().high().orElseThrow())
                .isEqualTo(1, within(1e-9));
    }

    @Property(tries = 200)
    void wideningANumbersIntervalNeverNarrowsTheRatios(
            @ForAll @DoubleRange(min = 1, max = 100) double up, @ForAll @DoubleRange(min = 1, max = 100) double wider) {
        Estimate b = estimate(3, 2, 4);
        double narrow = Ratio.of(estimate(5, 4, 5 * up), b).interval().high().orElseThrow();
        double wide =
                Ratio.of(estimate(5, 4, 5 * up * wider), b).interval().high().orElseThrow();
        assertThat(wide).isGreaterThanOrEqualTo(narrow);
    }
}
