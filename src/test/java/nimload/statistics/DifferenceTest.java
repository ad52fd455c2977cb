package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    @Test
    void eachSideTakesTheLimitsThatMakeItLargest() {
        Difference difference = Difference.of(10, Interval.of(8, 13), 4, Interval.of(3, 6));

        assertThat(difference.value()).isEqualTo(6);
        assertThat(difference.interval().low()).hasValue(6 - Math.hypot(10 - 8, 6 - 4));
        assertThat(difference.interval().high()).hasValue(6 + Math.hypot(13 - 10, 4 - 3));
    }

    @Test
    void aSideIsOpenWhereALimitOfItIs() {
        Interval open = new Interval(OptionalDouble.of(8), OptionalDouble.empty());

        assertThat(Difference.of(10, open, 4, Interval.of(3, 6)).interval().high())
                .isEmpty();
        assertThat(Difference.of(10, open, 4, Interval.of(3, 6)).interval().low())
                .hasValue(6 - Math.hypot(2, 2));
        assertThat(Difference.of(4, Interval.of(3, 6), 10, open).interval().low())
                .isEmpty();
    }

    /** Of means of samples of different size and spread. */
    @Test
    void nineteenOfTwentyIntervalsHoldTheTrueDifference() {
        SplittableRandom random = new SplittableRandom(1);
        int trials = 2000;
        int held = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[] one = normal(random, 12, 7, 3);
            double[] other = normal(random, 30, 5, 1);
            Interval interval = Difference.of(mean(one), interval(one), mean(other), interval(other))
                    .interval();
            if (interval.low().orElseThrow() <= 2 && 2 <= interval.high().orElseThrow()) {
                held++;
            }
        }
        assertThat((double) held / trials).isEqualTo(0.95, within(0.015));
    }

    private static double[] normal(SplittableRandom random, int count, double mean, double deviation) {
        return random.doubles(count)
                .map(any -> mean + deviation * random.nextGaussian())
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static Interval interval(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        int n = values.length;
        double error = TDistribution.of(n - 1.0).inverseCumulativeProbability(0.975) * Math.sqrt(squares / (n - 1) / n);
        return Interval.of(mean - error, mean + error);
    }
}
