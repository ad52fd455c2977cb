package nimload.sizing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import nimload.plan.CapacitySettings;
import nimload.plan.Shape;
import nimload.results.Arrivals;
import nimload.results.Capacity;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.statistics.Interval;

/**
 * How many requests of one shape per second a run's GPUs serve within a limit.
 *
 * @param atLeast requests per second, above 0
 * @param atMost likewise; empty where nothing in the run is known to have broken the limit
 * @param by how it was measured, a phrase
 */
record MeasuredCapacity(double atLeast, OptionalDouble atMost, String by) {
    static final String SEARCH = "a search with this limit";
    static final String OPEN_LEVELS = "levels at a rate";
    static final String CLOSED_LEVELS =
            "levels with users who wait for their answers; arrivals at random break the limit earlier";

    /** How a limit begins that counts failures only. */
    private static final String ERRORS = "errors ";

    /**
     * By a search over rates with this limit; else by valid levels: those whose percentile's interval ends within the limit
     * keep it, those whose interval begins above it break it. Rates are taken at the careful end of their interval.
     *
     * <p>A search that has another limit of response time too may have ended at that one, so its upper end bounds nothing.
     *
     * @param shape in the closed model
     * @return empty if nothing in the run is known to keep the limit
     */
    static Optional<MeasuredCapacity> of(RunResults run, Shape shape, Demand demand) {
        Optional<Capacity> search = run.capacity().stream()
                .filter(found -> shapeOf(found).equals(shape))
                .filter(found -> found.by().equals(CapacitySettings.By.RATE.key()))
                .filter(found -> found.limits().contains(demand.limit()))
                .findFirst();
        if (search.isPresent()) {
            return ofSearch(search.get());
        }
        List<LevelResults> levels = levels(run, shape);
        return ofLevels(levels.stream().filter(level -> !level.point().load().closed()), demand, OPEN_LEVELS)
                .or(() -> ofLevels(
                        levels.stream().filter(level -> level.point().load().closed()), demand, CLOSED_LEVELS));
    }

    /** The shapes of a run in its order, each once and in the closed model. */
    static List<Shape> shapes(RunResults run) {
        return Stream.concat(
                        run.capacity().stream().map(MeasuredCapacity::shapeOf),
                        run.levels().stream()
                                .map(level -> level.point().closed().shape()))
                .distinct()
                .toList();
    }

    /** The run's valid levels of a shape, closed and open. */
    static List<LevelResults> levels(RunResults run, Shape shape) {
        return run.levels().stream()
                .filter(LevelResults::valid)
                .filter(level -> level.point().closed().shape().equals(shape))
                .toList();
    }

    private static Shape shapeOf(Capacity found) {
        return found.point().closed().shape();
    }

    private static Optional<MeasuredCapacity> ofSearch(Capacity search) {
        boolean oneTime = search.limits().stream()
                        .filter(limit -> !limit.startsWith(ERRORS))
                        .count()
                == 1;
        return of(
                search.atLeast(),
                oneTime ? search.atMost() : OptionalDouble.empty(),
                search.limits().size() == 1 ? SEARCH : "a search with " + String.join(" and ", search.limits()));
    }

    private static Optional<MeasuredCapacity> ofLevels(Stream<LevelResults> levels, Demand demand, String by) {
        List<LevelResults> known =
                levels.filter(level -> interval(level, demand).isPresent()).toList();
        OptionalDouble atLeast = known.stream()
                .filter(level -> interval(level, demand).orElseThrow().high().orElse(Double.POSITIVE_INFINITY)
                        <= demand.limitMillis())
                .flatMap(level -> level.throughput().requests().stream())
                .mapToDouble(rate -> rate.interval()
                        .map(Interval::low)
                        .orElse(OptionalDouble.empty())
                        .orElse(rate.value()))
                .max();
        OptionalDouble atMost = known.stream()
                .filter(level -> interval(level, demand).orElseThrow().low().orElse(0) > demand.limitMillis())
                .flatMap(level -> level.throughput().requests().stream())
                .mapToDouble(rate -> rate.interval()
                        .map(Interval::high)
                        .orElse(OptionalDouble.empty())
                        .orElse(rate.value()))
                // Of a saturated target, more users wait longer at the same rate; that bounds nothing from above.
                .filter(rate -> atLeast.isEmpty() || rate >= atLeast.getAsDouble())
                .min();
        return of(atLeast, atMost, by);
    }

    private static Optional<MeasuredCapacity> of(OptionalDouble atLeast, OptionalDouble atMost, String by) {
        return atLeast.isPresent() && atLeast.getAsDouble() > 0
                ? Optional.of(new MeasuredCapacity(atLeast.getAsDouble(), atMost, by))
                : Optional.empty();
    }

    /** Of response time; in the closed model, where nothing waits before it is sent, of latency. */
    private static Optional<Interval> interval(LevelResults level, Demand demand) {
        return level.throughput()
                .arrivals()
                .map(Arrivals::response)
                .orElse(level.latency())
                .estimate(demand.percentile())
                .flatMap(Estimate::interval);
    }

    /**
     * @param gpus that were measured
     * @return GPUs for the demand if the capacity is at least, and at most, what was measured
     */
    Count gpus(Demand demand, int gpus) {
        double rate = demand.requestsPerSecond() / (1 - demand.headroom()) * gpus;
        return new Count(
                atMost.isPresent() ? Count.up(rate / atMost.getAsDouble()) : 1,
                Count.up(rate / atLeast),
                atMost.isPresent());
    }
}
