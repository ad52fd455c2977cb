package nimload.compare;

import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.LevelResults;
import nimload.statistics.Interval;
import nimload.statistics.Ratio;
import nimload.statistics.Ratio.Estimate;

/**
 * A level's number in two runs.
 *
 * @param baseline in ms or a second; of a level with three repeats and more their geometric mean
 * @param run likewise
 * @param ratio run ÷ baseline
 * @param interval 95 % of the ratio; empty where one of the two has none
 */
public record MetricChange(
        Metric metric, double baseline, double run, double ratio, Optional<Interval> interval, Verdict verdict) {

    /** Empty where one of the two levels lacks the number. */
    static Optional<MetricChange> of(Metric metric, LevelResults baseline, LevelResults run) {
        OptionalDouble before = metric.of(baseline);
        OptionalDouble after = metric.of(run);
        if (before.isEmpty() || after.isEmpty() || before.getAsDouble() <= 0 || after.getAsDouble() <= 0) {
            return Optional.empty();
        }
        Optional<Estimate> known = BetweenRuns.estimate(baseline, metric);
        Optional<Estimate> measured = BetweenRuns.estimate(run, metric);
        if (known.isEmpty() || measured.isEmpty()) {
            return Optional.of(new MetricChange(
                    metric,
                    before.getAsDouble(),
                    after.getAsDouble(),
                    after.getAsDouble() / before.getAsDouble(),
                    Optional.empty(),
                    Verdict.NOT_JUDGED));
        }
        Ratio ratio = Ratio.of(measured.get(), known.get());
        return Optional.of(new MetricChange(
                metric,
                known.get().value(),
                measured.get().value(),
                ratio.value(),
                Optional.of(ratio.interval()),
                verdict(metric, ratio.interval())));
    }

    private static Verdict verdict(Metric metric, Interval ratio) {
        if (ratio.low().orElse(0) > 1) {
            return metric.higherIsBetter() ? Verdict.FASTER : Verdict.SLOWER;
        }
        if (ratio.high().orElse(Double.POSITIVE_INFINITY) < 1) {
            return metric.higherIsBetter() ? Verdict.SLOWER : Verdict.FASTER;
        }
        return ratio.low().isPresent() && ratio.high().isPresent() ? Verdict.NO_DIFFERENCE : Verdict.TOO_FEW_SAMPLES;
    }

    /**
     * Whether it is worse by more than {@code limit} with confidence: the whole interval of a latency's ratio lies above 1 +
     * limit, or that of a rate's below 1 − limit.
     *
     * @param limit 0.05 = 5 %
     */
    boolean worseByMoreThan(double limit) {
        return interval.isPresent()
                && (metric.higherIsBetter()
                        ? interval.get().high().orElse(Double.POSITIVE_INFINITY) < 1 - limit
                        : interval.get().low().orElse(0) > 1 + limit);
    }
}
