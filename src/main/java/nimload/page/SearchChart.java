package nimload.page;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.results.Capacity;
import nimload.results.Capacity.Step;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunResults;

/**
 * What {@code report.js} draws of a search.
 *
 * @param id of its part of the page
 * @param rate whether a rate was raised, and not users
 * @param limits of response times
 * @param atLeast where the band of the boundary begins; empty: at the lowest load
 * @param atMost where it ends; empty if nothing broke
 * @param steps in order of load, of each the last try; without those that the client spoilt and those of few requests
 */
record SearchChart(
        String id, boolean rate, List<Line> limits, OptionalDouble atLeast, OptionalDouble atMost, List<Point> steps) {
    private static final List<Percentile> CURVES = List.of(Percentile.P50, Percentile.P95, Percentile.P99);

    private static final Pattern LATENCY = Pattern.compile("p\\S+ <= ([0-9.]+) ms");

    /** @param millis of a limit */
    record Line(String text, double millis) {}

    /**
     * @param verdict as the step has it
     * @param response ms
     * @param uncorrected p95 from the real send, ms; empty where users wait for answers
     * @param answered right answers per second
     * @param goodput right answers within the shortest limit per second
     */
    record Point(
            double load,
            String verdict,
            boolean quotable,
            Map<Percentile, ChartData.Value> response,
            OptionalDouble uncorrected,
            ChartData.Value answered,
            OptionalDouble goodput) {}

    static List<SearchChart> of(RunResults run) {
        return ShapeLevels.groups(run).stream()
                .flatMap(group -> group.shapes().stream())
                .flatMap(shape -> shape.search().map(search -> of(shape, search)).stream())
                .toList();
    }

    private static SearchChart of(ShapeLevels shape, Capacity search) {
        return new SearchChart(
                shape.id(),
                !search.byConcurrency(),
                search.limits().stream().flatMap(limit -> line(limit).stream()).toList(),
                search.atLeast(),
                search.atMost(),
                shape.levels().stream()
                        .sorted(Comparator.comparingDouble(level -> search.loadOf(level.point())))
                        .flatMap(level -> search.steps().stream()
                                .filter(step -> step.load() == search.loadOf(level.point()))
                                .reduce((before, last) -> last)
                                .filter(step -> step.showsRate() && !step.triedAgain())
                                .map(step -> point(step, level))
                                .stream())
                        .toList());
    }

    private static Optional<Line> line(String limit) {
        Matcher latency = LATENCY.matcher(limit);
        return latency.matches()
                ? Optional.of(new Line(limit.replace("<=", "≤"), Double.parseDouble(latency.group(1))))
                : Optional.empty();
    }

    private static Point point(Step step, LevelResults level) {
        Map<Percentile, ChartData.Value> response = new EnumMap<>(Percentile.class);
        CURVES.forEach(percentile -> response.put(
                percentile,
                ChartData.Value.of(
                        level.response().at(percentile), level.response().estimate(percentile), 1)));
        return new Point(
                step.load(),
                step.verdict(),
                level.valid(),
                response,
                level.throughput().arrivals().isPresent() ? level.percentile(Percentile.P95) : OptionalDouble.empty(),
                ChartData.Value.of(
                        level.throughput().requestsPerSecond(),
                        level.throughput().requests(),
                        1),
                step.goodputPerSecond());
    }
}
