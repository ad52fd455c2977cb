package nimload.compare;

import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.statistics.Interval;
import nimload.statistics.Ratio;

/**
 * A level's number in two runs.
 *
 * @param baseline in ms or per second; the geometric mean of the repeats if the level has three or more
 * @param run likewise
 * @param ratio run ÷ baseline
 * @param interval 95 % of the ratio; empty where either number has none
 */
public record MetricChange(
        Metric metric, double baseline, double run, double ratio, Optional<Interval> interval, Verdict verdict) {

    /** Empty where either level lacks the number. */
    static Optional<MetricChange> of(Metric metric, LevelResults baseline, LevelResults run) {
        Optional<Ratio.Estimate> before = BetweenRuns.estimate(baseline, metric);
        Optional<Ratio.Estimate> after = BetweenRuns.estimate(run, metric);
        return before.isPresent() && after.isPresent()
                ? Optional.of(judged(metric, before.get(), after.get()))
                : value(baseline, metric).flatMap(old -> value(run, metric).map(now -> notJudged(metric, old, now)));
    }

    private static Optional<Double> value(LevelResults level, Metric metric) {
        return metric.of(level).map(Estimate::value).filter(value -> value > 0);
    }

    private static MetricChange judged(Metric metric, Ratio.Estimate baseline, Ratio.Estimate run) {
        Ratio ratio = Ratio.of(run, baseline);
        return new MetricChange(
                metric,
                baseline.value(),
                run.value(),
                ratio.value(),
                Optional.of(ratio.interval()),
                verdict(metric, ratio.interval()));
    }

    private static MetricChange notJudged(Metric metric, double baseline, double run) {
        return new MetricChange(metric, baseline, run, run / baseline, Optional.empty(), Verdict.NOT_JUDGED);
    }

    static Verdict verdict(Metric metric, Interval ratio) {
        if (ratio.low().orElse(0) > 1) {
            return metric.higherIsBetter() ? Verdict.FASTER : Verdict.SLOWER;
        }
        if (ratio.high().orElse(Double.POSITIVE_INFINITY) < 1) {
            return metric.higherIsBetter() ? Verdict.SLOWER : Verdict.FASTER;
        }
        return ratio.low().isPresent() && ratio.high().isPresent() ? Verdict.NO_DIFFERENCE : Verdict.TOO_FEW_SAMPLES;
    }

    /**
     * The share by which it is worse with confidence: how far the whole interval of a latency's ratio lies above 1, or that of
     * a rate's below 1. 0.05 = 5 %; negative where it may be no worse, empty where that side has no bound.
     */
    OptionalDouble worseByAtLeast() {
        return interval.stream()
                .flatMapToDouble(ratio -> metric.higherIsBetter()
                        ? ratio.high().stream().map(high -> 1 - high)
                        : ratio.low().stream().map(low -> low - 1))
                .findFirst();
    }
}
