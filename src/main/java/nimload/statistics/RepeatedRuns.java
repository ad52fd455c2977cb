package nimload.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/** How sure a value is that several runs measured: Student's interval over the values of the runs. */
public final class RepeatedRuns {
    /**
     * The fewest runs that show the variation between runs: the interval of two would be nine times their difference.
     */
    public static final int MIN_RUNS = 3;

    private static final double UPPER = 0.975;

    private RepeatedRuns() {}

    /** On the logarithms, since times and rates vary in proportion to their size; empty for fewer than three runs. */
    public static Optional<Interval> interval(List<Double> values) {
        if (values.size() < MIN_RUNS) {
            return Optional.empty();
        }
        List<Double> logs = values.stream().map(Math::log).toList();
        double mean = mean(logs);
        double error = deviation(logs)
                / Math.sqrt(logs.size())
                * TDistribution.of(logs.size() - 1).inverseCumulativeProbability(UPPER);
        return Optional.of(Interval.of(Math.exp(mean - error), Math.exp(mean + error)));
    }

    /** Standard deviation ÷ mean, 0.01 = 1 %; empty for fewer than two runs. */
    public static OptionalDouble coefficientOfVariation(List<Double> values) {
        return values.size() < 2 ? OptionalDouble.empty() : OptionalDouble.of(deviation(values) / mean(values));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double deviation(List<Double> values) {
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
