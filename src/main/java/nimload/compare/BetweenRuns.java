package nimload.compare;

import java.util.List;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.Repeat;
import nimload.statistics.Interval;
import nimload.statistics.Ratio.Estimate;

/**
 * What is known of a level's number, with what differs from run to run. The interval of a level that ran once or twice holds
 * what differs within a run only: a JVM that compiled in another order, memory laid out otherwise, a warmer machine would be
 * taken for a change of the NIM. So a variation between runs is assumed for it. From three repeats on it is in the interval.
 */
final class BetweenRuns {
    /**
     * Coefficient of variation between runs of requests a second and of p50 that is assumed where there are fewer than
     * three repeats, 0.01 = 1 %.
     */
    static final double ASSUMED_VARIATION = 0.01;

    /** Likewise of p95 and p99, which a few slow moments of the machine decide. */
    static final double ASSUMED_TAIL_VARIATION = 0.03;

    private static final int REPEATS_THAT_SHOW_IT = 3;

    private BetweenRuns() {}

    /** Empty where the level lacks the number, or its interval. */
    static Optional<Estimate> estimate(LevelResults level, Metric metric) {
        Interval interval = level.intervals().get(metric.key());
        if (interval == null || metric.of(level).isEmpty() || metric.of(level).getAsDouble() <= 0) {
            return Optional.empty();
        }
        List<Double> repeats = repeats(level, metric);
        if (repeats.size() >= REPEATS_THAT_SHOW_IT
                && repeats.size() == level.repeats().size()) {
            return Optional.of(new Estimate(geometricMean(repeats), interval, 0));
        }
        double assumed = metric == Metric.P95 || metric == Metric.P99 ? ASSUMED_TAIL_VARIATION : ASSUMED_VARIATION;
        int runs = Math.max(1, level.repeats().size());
        return Optional.of(new Estimate(metric.of(level).getAsDouble(), interval, assumed * assumed / runs));
    }

    private static List<Double> repeats(LevelResults level, Metric metric) {
        return level.repeats().stream()
                .flatMap((Repeat repeat) -> metric.of(repeat).stream().boxed())
                .filter(value -> value > 0)
                .toList();
    }

    private static double geometricMean(List<Double> values) {
        return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
    }
}
