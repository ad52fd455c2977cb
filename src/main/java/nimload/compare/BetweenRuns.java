package nimload.compare;

import java.util.List;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.Repeat;
import nimload.statistics.Interval;
import nimload.statistics.Ratio.Estimate;
import nimload.statistics.RepeatedRuns;

/**
 * What is known of a level's number, with what differs from run to run. The interval of a level that ran once or twice holds
 * what differs within a run only: a JVM that compiled in another order, memory laid out otherwise, a warmer machine would be
 * taken for a change of the NIM. So a variation between runs is assumed for it. From three repeats on most of it is in the
 * interval.
 */
final class BetweenRuns {
    /**
     * Coefficient of variation between runs of requests a second and of p50 that is assumed where there are fewer than
     * three repeats, 0.01 = 1 %.
     */
    static final double ASSUMED_VARIATION = 0.01;

    /**
     * Besides, in ms, for what the client and the machine do otherwise in each run, which does not grow with the NIM's time:
     * levels of 2.3 ms at p50 differed by it on two shared cores ({@code exec:java@detection}).
     */
    static final double ASSUMED_VARIATION_MS = 0.04;

    /** So many times both for p95 and p99, which a few slow moments of the machine decide. */
    static final double ASSUMED_IN_THE_TAIL = 3;

    /**
     * Coefficient of variation between starts of the client, which repeats cannot show, as they share one: those of a level
     * were seen to agree to 0.004 %, two runs of it to 0.02 %. Identical runs differed by 0.03 and 0.13 % at p50 where a GPU's
     * time decides ({@code exec:java@detection}).
     */
    static final double ASSUMED_BETWEEN_STARTS = 0.001;

    private BetweenRuns() {}

    /** Whether its repeats show most of what differs, so that little is assumed. */
    static boolean shownBy(LevelResults level) {
        return level.repeats().size() >= RepeatedRuns.MIN_RUNS;
    }

    /** Empty where the level lacks the number, or its interval. */
    static Optional<Estimate> estimate(LevelResults level, Metric metric) {
        Interval interval = level.intervals().get(metric.key());
        if (interval == null || metric.of(level).isEmpty() || metric.of(level).getAsDouble() <= 0) {
            return Optional.empty();
        }
        List<Double> repeats = repeats(level, metric);
        if (shownBy(level) && repeats.size() == level.repeats().size()) {
            return Optional.of(
                    new Estimate(geometricMean(repeats), interval, ASSUMED_BETWEEN_STARTS * ASSUMED_BETWEEN_STARTS));
        }
        int runs = Math.max(1, level.repeats().size());
        double value = metric.of(level).getAsDouble();
        return Optional.of(new Estimate(value, interval, assumedVariance(level, metric, value) / runs));
    }

    /** On the logarithm of one run's number. */
    private static double assumedVariance(LevelResults level, Metric metric, double value) {
        // In a closed model a request takes so long on average.
        double millis = metric == Metric.REQUESTS_PER_SECOND ? 1000 * level.concurrency() / value : value;
        double absolute = ASSUMED_VARIATION_MS / millis;
        double factor = metric == Metric.P95 || metric == Metric.P99 ? ASSUMED_IN_THE_TAIL : 1;
        return factor * factor * (ASSUMED_VARIATION * ASSUMED_VARIATION + absolute * absolute);
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
