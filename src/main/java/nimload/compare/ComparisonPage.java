package nimload.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Head;
import nimload.page.NumberText;
import nimload.page.PageShell;
import nimload.page.Table;
import nimload.page.Table.Cell;
import nimload.page.Table.Column;
import nimload.page.Table.Row;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.statistics.Interval;

/** {@code compare.html}: the runs' curves in one chart a shape of request, the ratios as tables, and the set-up. */
final class ComparisonPage {
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

    /** @param id of the chart's element, without its ending */
    record Figure(String id, String label) {}

    /** A shape's curves, as the script draws them. */
    record Curves(String id, List<Curve> runs) {}

    record Curve(String run, List<Point> levels) {}

    record Point(int concurrency, Value p50, Value requestsPerSecond) {}

    record Value(OptionalDouble value, OptionalDouble low, OptionalDouble high) {}

    static String html(Comparison comparison, List<RunResults> runs) {
        List<Curves> curves = curves(runs);
        List<Figure> figures = new ArrayList<>();
        shapes(runs).forEach(shape -> figures.add(new Figure("shape" + figures.size(), shape)));
        List<RunView> views = new ArrayList<>();
        comparison.runs().forEach(run -> views.add(view(run, "levels" + views.size())));
        View view = new View(
                name(comparison.baseline()) + ", " + comparison.baseline().tool(),
                views,
                figures,
                differences(comparison),
                comparison.notes(),
                runs.stream().anyMatch(RunResults::emulated));
        return PageShell.html("Comparison with " + comparison.baseline().run(), "compare", view, curves, "compare.js");
    }

    private static String name(Head run) {
        return run.run() + (run.emulated() ? " (embedded NIM)" : "");
    }

    private static List<String> shapes(List<RunResults> runs) {
        return runs.stream()
                .flatMap(run -> run.levels().stream())
                .map(LevelResults::shape)
                .distinct()
                .toList();
    }

    private static List<Curves> curves(List<RunResults> runs) {
        List<Curves> curves = new ArrayList<>();
        for (String shape : shapes(runs)) {
            Map<String, List<Point>> byRun = new LinkedHashMap<>();
            for (int i = 0; i < runs.size(); i++) {
                RunResults run = runs.get(i);
                String label = run.run() + (i == 0 ? " (baseline)" : i > 1 ? " (" + (i + 1) + ")" : "");
                byRun.put(
                        label,
                        run.levels().stream()
                                .filter(level -> level.shape().equals(shape))
                                .map(level -> new Point(
                                        level.concurrency(),
                                        value(level, Metric.P50),
                                        value(level, Metric.REQUESTS_PER_SECOND)))
                                .toList());
            }
            curves.add(new Curves(
                    "shape" + curves.size(),
                    byRun.entrySet().stream()
                            .map(entry -> new Curve(entry.getKey(), entry.getValue()))
                            .toList()));
        }
        return curves;
    }

    private static Value value(LevelResults level, Metric metric) {
        Optional<Interval> interval = Optional.ofNullable(level.intervals().get(metric.key()));
        return new Value(
                metric.of(level),
                interval.map(Interval::low).orElse(OptionalDouble.empty()),
                interval.map(Interval::high).orElse(OptionalDouble.empty()));
    }

    private static RunView view(Compared run, String id) {
        List<String> remarks = new ArrayList<>();
        run.levels().stream()
                .filter(level -> !level.notValid().isEmpty())
                .forEach(level ->
                        remarks.add("Not valid: " + level.name() + ": " + String.join("; ", level.notValid()) + "."));
        only("Only in the baseline: ", run.onlyInBaseline()).ifPresent(remarks::add);
        only("Only in this run: ", run.onlyInRun()).ifPresent(remarks::add);
        Table levels = new Table(
                id,
                run.run().run() + " ÷ baseline, with 95 % intervals",
                List.of(
                        Column.text("level"),
                        Column.number("conc.", "", "requests in flight"),
                        Column.text("verdict"),
                        Column.number("p50", "ratio", "latency, run ÷ baseline; below 1 is faster"),
                        Column.number("req/s", "ratio", "requests a second, run ÷ baseline; above 1 is faster"),
                        Column.number("p95", "ratio", "latency, run ÷ baseline"),
                        Column.number(
                                "p99", "ratio", "latency, run ÷ baseline; coloured where it is faster or slower")),
                run.levels().stream().map(ComparisonPage::row).toList());
        return new RunView(
                name(run.run()), run.run().tool(), run.run().started().toString(), levels, remarks);
    }

    private static Optional<String> only(String where, List<String> levels) {
        return levels.isEmpty() ? Optional.empty() : Optional.of(where + String.join("; ", levels) + ".");
    }

    private static Row row(LevelChange level) {
        return new Row(
                "",
                List.of(
                        Cell.text(level.shape()),
                        Cell.number(Integer.toString(level.concurrency()), OptionalDouble.of(level.concurrency())),
                        verdict(level),
                        ratio(level.metric(Metric.P50)),
                        ratio(level.metric(Metric.REQUESTS_PER_SECOND)),
                        ratio(level.metric(Metric.P95)),
                        ratio(level.metric(Metric.P99))));
    }

    /** Coloured by its own verdict, which the hint says too. */
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
                .orElse(Cell.number(NumberText.UNKNOWN, OptionalDouble.empty()));
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
        if (comparison.differences().isEmpty()) {
            return Optional.empty();
        }
        List<Column> columns = Stream.concat(
                        Stream.of("set-up", comparison.baseline().run() + " (baseline)"),
                        comparison.runs().stream().map(run -> run.run().run()))
                .map(Column::text)
                .toList();
        List<Row> rows = comparison.differences().stream()
                .map(difference -> new Row(
                        "",
                        Stream.concat(
                                        Stream.of(difference.what()),
                                        difference.values().stream().map(value -> value.orElse(NumberText.UNKNOWN)))
                                .map(Cell::text)
                                .toList()))
                .toList();
        return Optional.of(new Table("differences", "What differs in the set-up", columns, rows));
    }
}
