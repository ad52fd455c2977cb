package nimload.measure;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.Percentile;
import nimload.statistics.Interval;
import nimload.statistics.RepeatedRuns;

/**
 * Intervals of a level that ran more than once. From three repeats on, Student's t over the repeats' values, which covers
 * variation between runs; with fewer, variation within runs only.
 */
final class RepeatedLevel {
    private RepeatedLevel() {}

    /** Of successful requests a second. */
    static Optional<Interval> rateInterval(List<LevelSamples> runs) {
        List<Double> rates = rates(runs);
        if (rates.size() < runs.size()) {
            return Optional.empty();
        }
        return RepeatedRuns.interval(rates).or(() -> withinRuns(runs));
    }

    /**
     * Of a percentile in ms. From three repeats on it also covers the interval of all requests together: repeats with few
     * requests underestimate high percentiles, so an interval of those alone misses the truth. Empty where a repeat has too
     * few requests for the percentile: then the variation between repeats is unknown.
     *
     * @param together of all requests
     */
    static Optional<Interval> percentileInterval(
            List<LevelSamples> runs, Percentile percentile, Optional<Interval> together) {
        if (runs.size() < RepeatedRuns.MIN_RUNS) {
            return together;
        }
        List<Double> values = runs.stream()
                .flatMap(run -> run.percentileMillis(percentile).stream().boxed())
                .toList();
        return values.size() < runs.size()
                ? Optional.empty()
                : RepeatedRuns.interval(values).flatMap(between -> together.map(between::hull));
    }

    /** Of successful requests a second, 0.01 = 1 %; empty for one repeat. */
    static OptionalDouble variation(List<LevelSamples> runs) {
        return RepeatedRuns.coefficientOfVariation(rates(runs));
    }

    private static List<Double> rates(List<LevelSamples> runs) {
        return runs.stream()
                .flatMap(run -> run.requestsPerSecond().stream().boxed())
                .toList();
    }

    /** The rate of all is the mean of the runs' rates, weighted by their time; so are the squares of what each may be off. */
    private static Optional<Interval> withinRuns(List<LevelSamples> runs) {
        if (runs.stream()
                .anyMatch(run -> run.rateInterval()
                        .flatMap(rate -> rate.high().stream().boxed().findFirst())
                        .isEmpty())) {
            return Optional.empty();
        }
        double seconds =
                runs.stream().mapToDouble(run -> run.windowNanos() / 1e9).sum();
        double rate = runs.stream().mapToLong(LevelSamples::successes).sum() / seconds;
        double below = 0;
        double above = 0;
        for (LevelSamples run : runs) {
            double weight = run.windowNanos() / 1e9 / seconds;
            Interval interval = run.rateInterval().get();
            double own = run.requestsPerSecond().orElseThrow();
            below += Math.pow(weight * (own - interval.low().orElseThrow()), 2);
            above += Math.pow(weight * (interval.high().orElseThrow() - own), 2);
        }
        return Optional.of(Interval.of(rate - Math.sqrt(below), rate + Math.sqrt(above)));
    }
}
