package nimload.compare;

import java.util.List;
import java.util.Optional;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Repeat;
import nimload.statistics.Interval;
import nimload.statistics.Ratio;
import nimload.statistics.RepeatedRuns;

/**
 * A level's number and its error, including what varies from run to run. The interval of a level that ran once or twice
 * holds only the variation within a run. A JVM that compiled in another order, a different memory layout or a warmer machine
 * would then look like a change of the NIM, so a variation between runs is assumed. From three repeats on, the interval holds
 * most of it.
 */
final class BetweenRuns {
    /** Coefficient of variation between runs that is assumed for requests per second and p50, 0.01 = 1 %. */
    static final double ASSUMED_VARIATION = 0.01;

    /**
     * Added to it, in ms: what the client and the machine do differently in each run, which does not grow with the NIM's time.
     * Levels with a p50 of 2.3 ms differed by this much on two shared cores ({@code exec:java@detection}).
     */
    static final double ASSUMED_VARIATION_MS = 0.04;

    /** Factor on both for p95 and p99, which a few slow moments of the machine decide. */
    static final double ASSUMED_IN_THE_TAIL = 3;

    /**
     * Coefficient of variation between starts of the client. Repeats cannot show it, because they share one start: the repeats
     * of a level agreed to 0.004 %, two runs of it to 0.02 %. Identical runs differed by 0.03 and 0.13 % at p50 where a GPU's
     * time decides ({@code exec:java@detection}).
     */
    static final double ASSUMED_BETWEEN_STARTS = 0.001;

    private BetweenRuns() {}

    /** Whether the level has enough repeats to show most of what varies, so that little is assumed. */
    static boolean shownBy(LevelResults level) {
        return level.course().repeats().size() >= RepeatedRuns.MIN_RUNS;
    }

    /** Empty where the level lacks the number or its interval. */
    static Optional<Ratio.Estimate> estimate(LevelResults level, Metric metric) {
        return metric.of(level)
                .filter(measured -> measured.value() > 0)
                .flatMap(measured -> measured.interval().map(interval -> estimate(level, metric, measured, interval)));
    }

    private static Ratio.Estimate estimate(LevelResults level, Metric metric, Estimate measured, Interval interval) {
        int ran = level.course().repeats().size();
        List<Double> repeats = repeats(level, metric);
        if (shownBy(level) && repeats.size() == ran) {
            return new Ratio.Estimate(
                    geometricMean(repeats), interval, ASSUMED_BETWEEN_STARTS * ASSUMED_BETWEEN_STARTS);
        }
        return new Ratio.Estimate(
                measured.value(), interval, assumedVariance(level, metric, measured.value()) / Math.max(1, ran));
    }

    /** Variance of the logarithm of one run's number. */
    private static double assumedVariance(LevelResults level, Metric metric, double value) {
        // In a closed model, concurrency ÷ rate is the mean time per request.
        double millis = metric == Metric.REQUESTS_PER_SECOND ? 1000 * level.concurrency() / value : value;
        double absolute = ASSUMED_VARIATION_MS / millis;
        double factor = metric.decides() ? 1 : ASSUMED_IN_THE_TAIL;
        return factor * factor * (ASSUMED_VARIATION * ASSUMED_VARIATION + absolute * absolute);
    }

    private static List<Double> repeats(LevelResults level, Metric metric) {
        if (level.throughput().arrivals().isPresent() && metric != Metric.REQUESTS_PER_SECOND) {
            // A repeat's latencies run from the real send.
            return List.of();
        }
        return level.course().repeats().stream()
                .flatMap((Repeat repeat) -> metric.of(repeat).stream().boxed())
                .filter(value -> value > 0)
                .toList();
    }

    private static double geometricMean(List<Double> values) {
        return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
    }
}
