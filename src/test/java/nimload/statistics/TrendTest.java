package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendTest {
    private static final int SERIES = 4000;

    @Test
    void lineWithoutNoiseIsFoundExactly() {
        Trend trend = Trend.of(
                        IntStream.range(0, 21).mapToDouble(i -> 5 + 0.5 * i).toArray())
                .orElseThrow();

        assertThat(trend.first()).isCloseTo(5, within(1e-9));
        assertThat(trend.last()).isCloseTo(15, within(1e-9));
        assertThat(trend.certain()).isTrue();
    }

    @Test
    void nineteenValuesAreTooFewAndTwentyAreEnough() {
        assertThat(Trend.of(new double[19])).isEmpty();
        assertThat(Trend.of(new double[20])).isPresent();
    }

    /** Slices whose noise remembers the slice before: the interval holds the true change. */
    @ParameterizedTest
    @CsvSource({
        "20, 0, 945", "20, 0.5, 915", "20, 0.8, 890",
        "24, 0, 945", "24, 0.5, 930", "24, 0.8, 915",
        "96, 0, 940", "96, 0.5, 935", "96, 0.8, 935",
    })
    void intervalHoldsTheTrueChangeThoughTheNoiseHasAMemory(int values, double memory, int least) {
        Random random = new Random(15);
        int held = 0;
        for (int i = 0; i < SERIES; i++) {
            Interval change =
                    Trend.of(series(random, values, memory)).orElseThrow().change();
            held += change.low().orElseThrow() <= 2 && 2 <= change.high().orElseThrow() ? 1 : 0;
        }
        assertThat(held * 1000 / SERIES).as("of 1000").isBetween(least, 980);
    }

    /** Rises by 2 from first to last. */
    private static double[] series(Random random, int values, double memory) {
        double noise = random.nextGaussian() / Math.sqrt(1 - memory * memory);
        double[] series = new double[values];
        for (int i = 0; i < values; i++) {
            series[i] = 10 + 2.0 * i / (values - 1) + noise;
            noise = memory * noise + random.nextGaussian();
        }
        return series;
    }
}
