package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Worked by hand: S, its variance with ties, and z with the continuity correction of 1. */
class TrendTest {
    @Test
    void fourRisingValuesHaveTheProbabilityOfTheTextbook() {
        // S = 6, variance 26/3, z = 5 / 2.944.
        Trend trend = Trend.of(1, 2, 3, 4);
        assertThat(trend.pValue()).isCloseTo(0.0894293590, within(1e-9));
        assertThat(trend.change()).isCloseTo(3 / 2.5, within(1e-12));
    }

    @Test
    void equalValuesTakeTheirShareOffTheVariance() {
        // S = 10: three pairs take 54 of 510.
        assertThat(Trend.of(1, 2, 1, 2, 3, 3).pValue()).isCloseTo(0.0737568621, within(1e-9));
        // S = 4: four threes and a pair take 174 of 798.
        assertThat(Trend.of(3, 1, 2, 3, 1, 3, 3).pValue()).isCloseTo(0.6103845139, within(1e-9));
        // S = −11: three ones and a pair take 84 of 798.
        assertThat(Trend.of(5, 1, 4, 2, 2, 1, 1).pValue()).isCloseTo(0.1123387258, within(1e-9));
    }

    @Test
    void theChangeIsTheMedianSlopeTimesTheStepsAsAShareOfTheMedian() {
        // Slopes 1, 2, 7/3, 5/2, 3, 3, 3, 3, 3, 3: median 3 over four steps, of a median of 4.
        assertThat(Trend.of(0, 1, 4, 7, 10).change()).isCloseTo(3.0, within(1e-12));
        // Slopes −6, −3, −2, 0, 0, 0: median −1 over three steps, of a median of 1.
        assertThat(Trend.of(7, 1, 1, 1).change()).isCloseTo(-3.0, within(1e-12));
    }
}
