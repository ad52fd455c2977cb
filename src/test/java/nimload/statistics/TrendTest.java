package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static final int SERIES = 1000;

    @Test
    void lineWithoutNoiseIsFoundExactly() {
        Trend trend = Trend.of(
                        IntStream.range(0, 12).mapToDouble(i -> 5 + 0.5 * i).toArray())
                .orElseThrow();

        assertThat(trend.first()).isCloseTo(5, within(1e-9));
        assertThat(trend.last()).isCloseTo(10.5, within(1e-9));
        assertThat(trend.certain()).isTrue();
    }

    @Test
    void nineValuesAreTooFewAndTenAreEnough() {
        assertThat(Trend.of(new double[9])).isEmpty();
        assertThat(Trend.of(new double[10])).isPresent();
    }

    /** A night of slices whose noise remembers the slice before: the interval holds the true change. */
    @Test
    void intervalHoldsTheTrueChangeInNineOfTenNightsWhoseNoiseHasAMemory() {
        Random random = new Random(15);
        for (double memory : new double[] {0, 0.5}) {
            int held = 0;
            for (int i = 0; i < SERIES; i++) {
                double noise = random.nextGaussian() / Math.sqrt(1 - memory * memory);
                double[] values = new double[96];
                for (int slice = 0; slice < values.length; slice++) {
                    values[slice] = 10 + 2.0 * slice / 95 + noise;
                    noise = memory * noise + random.nextGaussian();
                }
                Interval change = Trend.of(values).orElseThrow().change();
                held += change.low().orElseThrow() <= 2 && 2 <= change.high().orElseThrow() ? 1 : 0;
            }
            assertThat(held).as("of 1000, memory %s", memory).isBetween(900, 985);
        }
    }
}
