package nimload.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import nimload.plan.Workload;
import nimload.results.Arrivals;
import nimload.results.Drift;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Repeat;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.ServerShare;
import nimload.results.Slice;
import nimload.results.Throughput;
import nimload.statistics.Interval;

/** What {@code report.js} draws. */
record ChartData(List<Group> groups) {
    private static final List<Percentile> CURVES =
            List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99);

    /** Where a best level stands out from others. */
    private static final Set<Headline.Trend> MARKED =
            EnumSet.of(Headline.Trend.RISING, Headline.Trend.FLAT, Headline.Trend.FALLING);

    /** @param items {@code texts} or {@code pairs} */
    record Group(String id, Workload workload, String items, List<Curve> shapes) {}

    /** @param best the concurrency that is marked: the lowest that reaches the highest rate */
    record Curve(String id, String label, OptionalInt best, List<Level> levels) {}

    /**
     * @param load {@code c = 3} or {@code 20/s}
     * @param arrives whether its requests arrive at a rate
     * @param percentiles of the response time, ms
     * @param itemsPerSecond texts or pairs per second
     * @param distribution pairs of 1 ÷ (1 − p) and ms
     * @param quotable whether its numbers may be quoted
     * @param starts by repeat: when it was measured, in s after the first level was; empty where that is not known
     * @param server pairs of seconds and value, by name, in the same order on every page
     */
    record Level(
            String description,
            String load,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean arrives,
            int concurrency,
            boolean quotable,
            Map<Percentile, Value> percentiles,
            Value itemsPerSecond,
            boolean drifting,
            List<double[]> distribution,
            List<Slice> timeline,
            Map<Integer, Double> starts,
            Map<String, List<double[]>> server) {}

    /** With the ends of its 95 % interval, as far as they are known. */
    record Value(OptionalDouble value, OptionalDouble low, OptionalDouble high) {
        private static final Interval UNBOUNDED = new Interval(OptionalDouble.empty(), OptionalDouble.empty());

        /** @param factor from the interval's unit to the value's */
        static Value of(OptionalDouble value, Optional<Estimate> estimate, double factor) {
            Interval ends = estimate.flatMap(Estimate::interval).orElse(UNBOUNDED);
            return new Value(value, times(ends.low(), factor), times(ends.high(), factor));
        }

        private static OptionalDouble times(OptionalDouble value, double factor) {
            return value.stream().map(known -> known * factor).findFirst();
        }
    }

    static ChartData of(RunResults run) {
        Optional<Instant> origin = run.levels().stream()
                .flatMap(level -> starts(level).values().stream())
                .min(Comparator.naturalOrder());
        return new ChartData(ShapeLevels.groups(run).stream()
                .map(group -> new Group(
                        group.id(),
                        group.workload(),
                        group.workload().items(),
                        group.shapes().stream()
                                .map(shape -> curve(shape, run.info(), origin))
                                .toList()))
                .toList());
    }

    /** When the measured part of each repeat began: its length before its end. */
    private static Map<Integer, Instant> starts(LevelResults level) {
        Map<Integer, Instant> starts = new TreeMap<>();
        for (Repeat repeat : level.course().repeats()) {
            OptionalDouble length = level.course().timeline().stream()
                    .filter(slice -> slice.repeat() == repeat.number())
                    .mapToDouble(Slice::toSeconds)
                    .max();
            if (repeat.ended() != null && length.isPresent()) {
                starts.put(repeat.number(), repeat.ended().minusMillis(Math.round(1000 * length.getAsDouble())));
            }
        }
        return starts;
    }

    private static Curve curve(ShapeLevels shape, RunInfo info, Optional<Instant> origin) {
        Headline headline = shape.headline(info);
        return new Curve(
                shape.id(),
                shape.shape().label(),
                headline.best().filter(best -> MARKED.contains(headline.trend())).stream()
                        .mapToInt(LevelResults::concurrency)
                        .findFirst(),
                shape.levels().stream().map(level -> level(level, origin)).toList());
    }

    private static Level level(LevelResults level, Optional<Instant> origin) {
        Map<Integer, Double> starts = new TreeMap<>();
        starts(level)
                .forEach((repeat, start) -> starts.put(
                        repeat, Duration.between(origin.orElseThrow(), start).toMillis() / 1e3));
        Map<Percentile, Value> percentiles = new EnumMap<>(Percentile.class);
        CURVES.forEach(percentile -> percentiles.put(
                percentile,
                Value.of(level.response().at(percentile), level.response().estimate(percentile), 1)));
        Throughput throughput = level.throughput();
        Optional<String> drift = level.course().drift().map(Drift::verdict);
        return new Level(
                level.point().description(),
                level.point().load().closed()
                        ? "c = " + level.concurrency()
                        : level.point().loadText(),
                level.throughput().arrivals().isPresent(),
                level.concurrency(),
                level.valid(),
                percentiles,
                Value.of(
                        throughput.itemsPerSecond(),
                        level.point().items() > 0 ? throughput.requests() : Optional.empty(),
                        level.point().items()),
                drift.equals(Optional.of(Drift.DRIFTING)),
                level.throughput()
                        .arrivals()
                        .map(Arrivals::responseHistogram)
                        .orElse(level.latencyHistogram())
                        .map(EncodedHistogram::decode)
                        .map(Distribution::of)
                        .orElse(List.of()),
                level.course().timeline(),
                starts,
                new TreeMap<>(level.server().map(ServerShare::series).orElse(Map.of())));
    }
}
