package nimload.page;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import nimload.results.EncodedHistogram;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.ServerShare;
import nimload.results.Slice;
import nimload.statistics.Interval;

/** What {@code report.js} draws. */
record ChartData(List<Group> groups) {
    /** @param items {@code texts} or {@code pairs} */
    record Group(String id, String items, List<Curve> shapes) {}

    /** @param knee the concurrency that is marked */
    record Curve(String id, String label, OptionalInt knee, List<Level> levels) {}

    /**
     * @param percentiles ms, by {@code p50} …
     * @param itemsPerSecond texts or pairs a second
     * @param distribution pairs of 1 ÷ (1 − p) and ms
     * @param server pairs of seconds and value, by name, in an order that is the same on every page
     */
    record Level(
            String name,
            int concurrency,
            Map<String, Value> percentiles,
            Value itemsPerSecond,
            boolean drifting,
            List<double[]> distribution,
            List<Slice> timeline,
            Map<String, List<double[]>> server) {}

    /** With the ends of its 95 % interval, as far as they are known. */
    record Value(OptionalDouble value, OptionalDouble low, OptionalDouble high) {
        static Value of(OptionalDouble value, Interval interval, double factor) {
            return interval == null
                    ? new Value(value, OptionalDouble.empty(), OptionalDouble.empty())
                    : new Value(value, times(interval.low(), factor), times(interval.high(), factor));
        }

        private static OptionalDouble times(OptionalDouble value, double factor) {
            return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
        }
    }

    static ChartData of(RunResults run) {
        return new ChartData(Shape.groups(run).stream().map(ChartData::group).toList());
    }

    private static Group group(Shape.Group group) {
        return new Group(
                group.id(),
                group.items(),
                group.shapes().stream()
                        .map(shape -> new Curve(
                                shape.id(),
                                shape.label(),
                                shape.knee().stream()
                                        .filter(knee -> !knee.atHighest())
                                        .mapToInt(Knee::concurrency)
                                        .findFirst(),
                                shape.levels().stream().map(ChartData::level).toList()))
                        .toList());
    }

    private static Level level(LevelResults level) {
        return new Level(
                level.name(),
                level.concurrency(),
                Map.of(
                        "p50", percentile(level, "p50", level.latencyMs().p50()),
                        "p90", percentile(level, "p90", level.latencyMs().p90()),
                        "p95", percentile(level, "p95", level.latencyMs().p95()),
                        "p99", percentile(level, "p99", level.latencyMs().p99())),
                Value.of(level.itemsPerSecond(), level.intervals().get("requestsPerSecond"), level.itemsPerRequest()),
                level.drift().map(drift -> drift.verdict().equals("drifting")).orElse(false),
                level.latencyHistogram()
                        .map(EncodedHistogram::decode)
                        .map(Distribution::of)
                        .orElse(List.of()),
                level.timeline(),
                new TreeMap<>(level.server().map(ServerShare::series).orElse(Map.of())));
    }

    private static Value percentile(LevelResults level, String name, OptionalDouble value) {
        return Value.of(value, level.intervals().get(name), 1);
    }
}
