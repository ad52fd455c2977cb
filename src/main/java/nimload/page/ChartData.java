package nimload.page;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import nimload.results.Drift;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunResults;
import nimload.results.ServerShare;
import nimload.results.Slice;
import nimload.results.Throughput;
import nimload.statistics.Interval;

/** What {@code report.js} draws. */
record ChartData(List<Group> groups) {
    private static final List<Percentile> CURVES =
            List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99);

    /** @param items {@code texts} or {@code pairs} */
    record Group(String id, String items, List<Curve> shapes) {}

    /** @param knee the concurrency that is marked */
    record Curve(String id, String label, OptionalInt knee, List<Level> levels) {}

    /**
     * @param percentiles ms
     * @param itemsPerSecond texts or pairs per second
     * @param distribution pairs of 1 ÷ (1 − p) and ms
     * @param server pairs of seconds and value, by name, in the same order on every page
     */
    record Level(
            String description,
            int concurrency,
            Map<Percentile, Value> percentiles,
            Value itemsPerSecond,
            boolean drifting,
            List<double[]> distribution,
            List<Slice> timeline,
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
        return new ChartData(
                ShapeLevels.groups(run).stream().map(ChartData::group).toList());
    }

    private static Group group(ShapeLevels.Group group) {
        return new Group(
                group.id(),
                group.workload().items(),
                group.shapes().stream().map(ChartData::curve).toList());
    }

    private static Curve curve(ShapeLevels shape) {
        return new Curve(
                shape.id(),
                shape.shape().label(),
                shape.knee().stream()
                        .filter(knee -> !knee.atHighest())
                        .mapToInt(Knee::concurrency)
                        .findFirst(),
                shape.levels().stream().map(ChartData::level).toList());
    }

    private static Level level(LevelResults level) {
        Map<Percentile, Value> percentiles = new EnumMap<>(Percentile.class);
        CURVES.forEach(percentile -> percentiles.put(
                percentile,
                Value.of(level.percentile(percentile), level.latency().estimate(percentile), 1)));
        Throughput throughput = level.throughput();
        Optional<String> drift = level.course().drift().map(Drift::verdict);
        return new Level(
                level.point().description(),
                level.concurrency(),
                percentiles,
                Value.of(
                        throughput.itemsPerSecond(),
                        level.point().items() > 0 ? throughput.requests() : Optional.empty(),
                        level.point().items()),
                drift.equals(Optional.of(Drift.DRIFTING)),
                level.latencyHistogram()
                        .map(EncodedHistogram::decode)
                        .map(Distribution::of)
                        .orElse(List.of()),
                level.course().timeline(),
                new TreeMap<>(level.server().map(ServerShare::series).orElse(Map.of())));
    }
}
