package nimload.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Head;
import nimload.page.PageShell;
import nimload.plan.Shape;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Table;
import nimload.statistics.Interval;

/**
 * {@code compare.html}: what came of it in a line, each level's changes as a forest plot with its numbers, the runs' curves,
 * the set-up.
 */
final class ComparisonPage {
    private ComparisonPage() {}

    /** What the template shows. */
    record View(
            List<RunHead> heads,
            List<RunView> runs,
            List<Figure> figures,
            Optional<Table> differences,
            List<String> notes,
            boolean emulated) {}

    /**
     * @param stamp empty where it is the name
     * @param page relative address of the run's own page; empty where there is none
     */
    record RunHead(String role, Head run, Optional<String> stamp, Optional<String> page) {
        static RunHead of(String role, Head run, Optional<String> page) {
            return new RunHead(role, run, Optional.of(run.run()).filter(id -> !id.equals(run.name())), page);
        }
    }

    record RunView(
            String name, String firstLine, List<ForestPlot.Tick> ticks, List<ShapeView> shapes, List<String> remarks) {}

    record ShapeView(String id, String shape, List<ForestPlot.Tick> ticks, List<LevelView> levels) {}

    /** @param kind a class of the style sheet */
    record LevelView(String kind, List<Row> rows) {}

    /** @param level the level's own cell, in its first row */
    record Row(
            Optional<LevelCell> level,
            String metric,
            String values,
            String change,
            String interval,
            String verdict,
            String kind,
            Optional<Plot> plot) {}

    record LevelCell(int rows, String concurrency, String verdict, String kind) {}

    /** @param words what it shows */
    record Plot(ForestPlot.Mark mark, List<ForestPlot.Tick> ticks, String words, boolean square, boolean diamond) {}

    /** @param id of the charts' elements, without their endings */
    record Figure(String id, Shape shape) {}

    /** A shape's curves, as the script draws them. */
    record Curves(String id, List<Curve> runs) {}

    record Curve(String run, List<Point> levels) {}

    record Point(String load, int concurrency, Value p50, Value requestsPerSecond) {}

    record Value(OptionalDouble value, OptionalDouble low, OptionalDouble high) {}

    /** @param pages of the runs, each relative to this page; empty where a run has none */
    static String html(Comparison comparison, List<RunResults> runs, List<Optional<String>> pages) {
        List<Shape> shapes = runs.stream()
                .flatMap(run -> run.levels().stream())
                .map(level -> level.point().shape())
                .distinct()
                .toList();
        List<Figure> figures = IntStream.range(0, shapes.size())
                .mapToObj(i -> new Figure("shape" + i, shapes.get(i)))
                .toList();
        View view = new View(
                heads(comparison, pages),
                IntStream.range(0, comparison.runs().size())
                        .mapToObj(i -> view(comparison.runs().get(i), "run" + i))
                        .toList(),
                figures,
                differences(comparison),
                comparison.notes(),
                runs.stream().anyMatch(run -> run.info().emulated()));
        return PageShell.html(
                "Comparison with " + comparison.baseline().name(),
                "compare",
                view,
                figures.stream()
                        .map(figure -> new Curves(figure.id(), curves(comparison, figure.shape(), runs)))
                        .toList(),
                "compare.js");
    }

    private static List<RunHead> heads(Comparison comparison, List<Optional<String>> pages) {
        List<RunHead> heads = new ArrayList<>();
        heads.add(RunHead.of("Baseline", comparison.baseline(), pages.get(0)));
        comparison.runs().forEach(run -> heads.add(RunHead.of("Run", run.run(), pages.get(heads.size()))));
        return heads;
    }

    private static List<Curve> curves(Comparison comparison, Shape shape, List<RunResults> runs) {
        List<String> names = Stream.concat(
                        Stream.of(comparison.baseline().name() + " (baseline)"),
                        comparison.runs().stream().map(run -> run.run().name()))
                .toList();
        return IntStream.range(0, runs.size())
                .mapToObj(i -> new Curve(names.get(i), points(shape, runs.get(i))))
                .toList();
    }

    /** Of the levels that may be quoted. */
    private static List<Point> points(Shape shape, RunResults run) {
        return run.levels().stream()
                .filter(LevelResults::valid)
                .filter(level -> level.point().shape().equals(shape))
                .map(level -> new Point(
                        level.point().loadText(),
                        level.concurrency(),
                        value(level, Metric.P50),
                        value(level, Metric.REQUESTS_PER_SECOND)))
                .toList();
    }

    private static Value value(LevelResults level, Metric metric) {
        Optional<Estimate> measured = metric.of(level);
        Optional<Interval> interval = measured.flatMap(Estimate::interval);
        return new Value(
                Estimate.value(measured),
                interval.map(Interval::low).orElse(OptionalDouble.empty()),
                interval.map(Interval::high).orElse(OptionalDouble.empty()));
    }

    private static RunView view(Compared run, String id) {
        ForestPlot plot = ForestPlot.of(run.compared());
        List<WorstFirst.Group> groups = WorstFirst.groups(run.compared());
        return new RunView(
                run.run().name(),
                FirstLine.of(run),
                plot.ticks(),
                IntStream.range(0, groups.size())
                        .mapToObj(i -> new ShapeView(
                                id + "shape" + i,
                                groups.get(i).shape(),
                                plot.ticks(),
                                groups.get(i).levels().stream()
                                        .map(level -> view(level, plot))
                                        .toList()))
                        .toList(),
                run.remarks().stream().map(ComparisonPage::sentence).toList());
    }

    private static LevelView view(LevelChange level, ForestPlot plot) {
        LevelCell cell = new LevelCell(
                Math.max(1, level.metrics().size()),
                level.concurrencyText(),
                level.verdict().words(),
                kind(level.verdict()));
        List<Row> rows = IntStream.range(0, level.metrics().size())
                .mapToObj(i -> row(
                        i == 0 ? Optional.of(cell) : Optional.empty(),
                        level.metrics().get(i),
                        plot))
                .toList();
        return new LevelView(
                cell.kind(),
                rows.isEmpty() ? List.of(new Row(Optional.of(cell), "", "", "", "", "", "", Optional.empty())) : rows);
    }

    private static Row row(Optional<LevelCell> level, MetricChange change, ForestPlot plot) {
        return new Row(
                level,
                change.metric().title(),
                ChangeText.values(change),
                ChangeText.of(change),
                ChangeText.interval(change),
                change.verdict().words(),
                kind(change.verdict()),
                Optional.of(new Plot(
                        plot.mark(change),
                        plot.ticks(),
                        ChangeText.of(change) + ", 95 %: "
                                + change.interval()
                                        .map(known -> ChangeText.interval(change))
                                        .orElse("unknown"),
                        change.verdict() == Verdict.SLOWER,
                        change.verdict() == Verdict.FASTER)));
    }

    private static String sentence(String remark) {
        return Character.toUpperCase(remark.charAt(0)) + remark.substring(1) + ".";
    }

    private static String kind(Verdict verdict) {
        return switch (verdict) {
            case FASTER -> "good";
            case SLOWER, NO_RIGHT_ANSWER -> "bad";
            case MIXED -> "warn";
            case NO_DIFFERENCE, TOO_FEW_SAMPLES, NOT_JUDGED -> "";
        };
    }

    private static Optional<Table> differences(Comparison comparison) {
        return Optional.of(comparison.differences())
                .filter(differences -> !differences.isEmpty())
                .map(differences -> Table.of(
                        "differences",
                        "What differs in the set-up",
                        ComparisonTable.setUp(comparison, comparison.baseline().name() + " (baseline)"),
                        differences));
    }
}
