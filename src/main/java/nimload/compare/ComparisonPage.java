package nimload.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Head;
import nimload.page.NumberText;
import nimload.page.PageShell;
import nimload.plan.Shape;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Table;
import nimload.statistics.Interval;

/** {@code compare.html}: the runs' curves, one pair of charts per request shape; tables of ratios; the set-up. */
final class ComparisonPage {
    private static final List<Column<LevelChange>> LEVELS = List.of(
            Column.text("level", LevelChange::shape),
            Column.number(
                    "conc.",
                    "",
                    "requests in flight",
                    level -> level.concurrency() == 0
                            ? Cell.number(Cell.UNKNOWN, OptionalDouble.empty(), "no limit")
                            : Cell.number(
                                    Integer.toString(level.concurrency()), OptionalDouble.of(level.concurrency()))),
            new Column<>("verdict", "", "", "", ComparisonPage::verdict),
            ratio("p50", Metric.P50, "latency, run ÷ baseline; below 1 is faster"),
            ratio("req/s", Metric.REQUESTS_PER_SECOND, "requests per second, run ÷ baseline; above 1 is faster"),
            ratio("p95", Metric.P95, "latency, run ÷ baseline"),
            ratio("p99", Metric.P99, "latency, run ÷ baseline; coloured where it is faster or slower"));

    private ComparisonPage() {}

    /** What the template shows. */
    record View(
            String baseline,
            List<RunView> runs,
            List<Figure> figures,
            Optional<Table> differences,
            List<String> notes,
            boolean emulated) {}

    record RunView(String name, String tool, String started, Table levels, List<String> remarks) {}

    /** @param id of the charts' elements, without their endings */
    record Figure(String id, Shape shape) {}

    /** A shape's curves, as the script draws them. */
    record Curves(String id, List<Curve> runs) {}

    record Curve(String run, List<Point> levels) {}

    record Point(int concurrency, Value p50, Value requestsPerSecond) {}

    record Value(OptionalDouble value, OptionalDouble low, OptionalDouble high) {}

    static String html(Comparison comparison, List<RunResults> runs) {
        List<Shape> shapes = runs.stream()
                .flatMap(run -> run.levels().stream())
                .map(level -> level.point().shape())
                .distinct()
                .toList();
        List<Figure> figures = IntStream.range(0, shapes.size())
                .mapToObj(i -> new Figure("shape" + i, shapes.get(i)))
                .toList();
        View view = new View(
                name(comparison.baseline()) + ", " + comparison.baseline().tool(),
                IntStream.range(0, comparison.runs().size())
                        .mapToObj(i -> view(comparison.runs().get(i), "levels" + i))
                        .toList(),
                figures,
                differences(comparison),
                comparison.notes(),
                runs.stream().anyMatch(run -> run.info().emulated()));
        return PageShell.html(
                "Comparison with " + comparison.baseline().run(),
                "compare",
                view,
                figures.stream()
                        .map(figure -> new Curves(figure.id(), curves(figure.shape(), runs)))
                        .toList(),
                "compare.js");
    }

    private static String name(Head run) {
        return run.run() + (run.emulated() ? " (embedded NIM)" : "");
    }

    private static List<Curve> curves(Shape shape, List<RunResults> runs) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> new Curve(label(runs.get(i), i), points(shape, runs.get(i))))
                .toList();
    }

    /** From the third run on with its number, since two runs may have the same name. */
    private static String label(RunResults run, int index) {
        return run.info().id() + (index == 0 ? " (baseline)" : index > 1 ? " (" + (index + 1) + ")" : "");
    }

    private static List<Point> points(Shape shape, RunResults run) {
        return run.levels().stream()
                .filter(level -> level.point().shape().equals(shape))
                .map(level -> new Point(
                        level.concurrency(), value(level, Metric.P50), value(level, Metric.REQUESTS_PER_SECOND)))
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
        return new RunView(
                name(run.run()),
                run.run().tool(),
                run.run().started().toString(),
                Table.of(id, run.run().run() + " ÷ baseline, with 95 % intervals", LEVELS, run.levels()),
                run.remarks().stream().map(ComparisonPage::sentence).toList());
    }

    private static String sentence(String remark) {
        return Character.toUpperCase(remark.charAt(0)) + remark.substring(1) + ".";
    }

    private static Column<LevelChange> ratio(String title, Metric metric, String hint) {
        return Column.number(title, "ratio", hint, level -> ratio(level.metric(metric)));
    }

    /** Coloured by the number's own verdict, which the hint spells out. */
    private static Cell ratio(Optional<MetricChange> change) {
        return change.map(of -> new Cell(
                        NumberText.of(of.ratio(), 3),
                        of.interval()
                                .map(interval -> NumberText.of(interval, 3))
                                .orElse(""),
                        NumberText.of(of.baseline(), 3) + " → " + NumberText.of(of.run(), 3) + ": "
                                + of.verdict().words(),
                        Double.toString(of.ratio()),
                        ("n " + kind(of.verdict())).strip()))
                .orElse(Cell.number(Cell.UNKNOWN, OptionalDouble.empty()));
    }

    private static Cell verdict(LevelChange level) {
        return new Cell(
                level.verdict().words(), level.notValid().isEmpty() ? "" : "not valid", "", "", kind(level.verdict()));
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
                        ComparisonTable.setUp(comparison, comparison.baseline().run() + " (baseline)"),
                        differences));
    }
}
