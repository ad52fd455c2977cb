package nimload.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Head;
import nimload.plan.LoadPoint;
import nimload.plan.Shape;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.statistics.Interval;

/**
 * Alike runs in the order of time: each level's p50, p95 and rate, each held against the run before and against the first
 * run that has it, as two runs are compared.
 *
 * @param runs at least one
 * @param setUps what changed since the run before, one phrase per change, for each run
 * @param levels of all runs, shapes together
 * @param notes what a reader must know, one sentence each
 */
record History(List<Head> runs, List<List<String>> setUps, List<Level> levels, List<String> notes) {
    static final List<Metric> METRICS = List.of(Metric.P50, Metric.P95, Metric.REQUESTS_PER_SECOND);

    /** @param entries one per run */
    record Level(LoadPoint point, List<Entry> entries) {}

    /**
     * A level in a run.
     *
     * @param gap why it has no numbers here; empty where it has
     * @param numbers of {@link #METRICS} those that are known
     */
    record Entry(Optional<String> gap, List<Number> numbers) {
        Optional<Number> number(Metric metric) {
            return numbers.stream().filter(number -> number.metric == metric).findFirst();
        }
    }

    /**
     * @param sinceBefore against the run before that has the number; empty in the first
     * @param sinceFirst against the first run that has it; empty in that and in the next one
     */
    record Number(
            Metric metric,
            double value,
            Optional<Interval> interval,
            Optional<Step> sinceBefore,
            Optional<Step> sinceFirst) {}

    /** @param run the earlier one, from 0 */
    record Step(int run, MetricChange change) {
        boolean shown() {
            return change.verdict().shown();
        }
    }

    /**
     * A step that is more than noise.
     *
     * @param run from 0
     */
    record Shown(int run, LoadPoint point, Step step) {}

    /** @param all alike, in the order of time; at least one */
    static History of(List<RunResults> all) {
        Comparison withFirst = Comparison.of(all);
        List<Head> heads = Stream.concat(
                        Stream.of(withFirst.baseline()),
                        withFirst.runs().stream().map(Compared::run))
                .toList();
        List<List<String>> setUps = IntStream.range(0, all.size())
                .mapToObj(i -> i == 0 ? List.<String>of() : changes(all.get(i - 1), all.get(i)))
                .toList();
        List<Level> levels =
                points(all).stream().map(point -> level(point, all)).toList();
        List<String> notes = new ArrayList<>(withFirst.notes());
        rule(levels).ifPresent(notes::add);
        return new History(heads, setUps, levels, notes);
    }

    private static List<String> changes(RunResults before, RunResults run) {
        return SetUp.differences(List.of(before, run)).stream()
                .map(difference -> difference.what() + " "
                        + difference.values().get(0).orElse("unknown") + " → "
                        + difference.values().get(1).orElse("unknown"))
                .toList();
    }

    /** Shapes in the order in which they first ran, and in them by concurrency. */
    private static List<LoadPoint> points(List<RunResults> all) {
        Set<LoadPoint> points = new LinkedHashSet<>();
        all.forEach(run -> run.levels().forEach(level -> points.add(level.point())));
        List<Shape> shapes = points.stream().map(LoadPoint::shape).distinct().toList();
        return points.stream()
                .sorted(Comparator.<LoadPoint>comparingInt(point -> shapes.indexOf(point.shape()))
                        .thenComparingInt(LoadPoint::concurrency))
                .toList();
    }

    private static Level level(LoadPoint point, List<RunResults> all) {
        List<Optional<LevelResults>> measured = all.stream()
                .map(run -> Optional.ofNullable(Comparison.levels(run).get(point)))
                .toList();
        return new Level(
                point,
                IntStream.range(0, all.size()).mapToObj(i -> entry(measured, i)).toList());
    }

    private static Entry entry(List<Optional<LevelResults>> measured, int run) {
        if (measured.get(run).isEmpty()) {
            return new Entry(Optional.of("not in the run"), List.of());
        }
        LevelResults level = measured.get(run).get();
        if (!level.valid()) {
            return new Entry(
                    Optional.of("may not be quoted: "
                            + String.join("; ", level.validity().reasons())),
                    List.of());
        }
        return new Entry(
                Optional.empty(),
                METRICS.stream()
                        .flatMap(metric -> number(metric, measured, run).stream())
                        .toList());
    }

    private static Optional<Number> number(Metric metric, List<Optional<LevelResults>> measured, int run) {
        List<Integer> earlier = IntStream.range(0, run)
                .filter(i -> known(metric, measured.get(i)))
                .boxed()
                .toList();
        Optional<Step> sinceBefore =
                earlier.isEmpty() ? Optional.empty() : step(metric, measured, earlier.get(earlier.size() - 1), run);
        Optional<Step> sinceFirst = earlier.size() < 2 ? Optional.empty() : step(metric, measured, earlier.get(0), run);
        return measured.get(run)
                .flatMap(level -> BetweenRuns.estimate(level, metric)
                        .map(own ->
                                new Number(metric, own.value(), Optional.of(own.interval()), sinceBefore, sinceFirst))
                        .or(() -> metric.of(level)
                                .map(Estimate::value)
                                .map(value -> new Number(metric, value, Optional.empty(), sinceBefore, sinceFirst))));
    }

    private static boolean known(Metric metric, Optional<LevelResults> level) {
        return level.filter(LevelResults::valid).flatMap(metric::of).isPresent();
    }

    private static Optional<Step> step(Metric metric, List<Optional<LevelResults>> measured, int from, int to) {
        return MetricChange.of(
                        metric,
                        measured.get(from).orElseThrow(),
                        measured.get(to).orElseThrow())
                .map(change -> new Step(from, change));
    }

    private static Optional<String> rule(List<Level> levels) {
        int judged = (int)
                steps(levels).filter(step -> step.change.interval().isPresent()).count();
        return judged == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "A number is marked where it changed beyond noise against the run before or against the first: where the"
                                + " whole 95 %% interval of their ratio, with what varies between runs, lies on one side of 1."
                                + " Each of these %,d comparisons is judged on its own: if nothing had changed, up to %,.0f would"
                                + " be marked by chance.",
                        judged,
                        Interval.missedByChance(judged)));
    }

    private static Stream<Step> steps(List<Level> levels) {
        return levels.stream()
                .flatMap(level -> level.entries().stream())
                .flatMap(entry -> entry.numbers().stream())
                .flatMap(number -> Stream.concat(number.sinceBefore.stream(), number.sinceFirst.stream()));
    }

    /** What changed against the run before, in the order of the runs. */
    List<Shown> shownSteps() {
        return IntStream.range(0, runs.size())
                .boxed()
                .flatMap(run -> levels.stream()
                        .flatMap(level -> level.entries().get(run).numbers().stream()
                                .flatMap(number -> number.sinceBefore().stream())
                                .filter(Step::shown)
                                .map(step -> new Shown(run, level.point(), step))))
                .toList();
    }

    /** The levels of each shape. */
    List<List<Level>> shapes() {
        Map<Shape, List<Level>> shapes = new LinkedHashMap<>();
        levels.forEach(level -> shapes.computeIfAbsent(level.point().shape(), shape -> new ArrayList<>())
                .add(level));
        return List.copyOf(shapes.values());
    }
}
