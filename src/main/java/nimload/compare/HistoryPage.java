package nimload.compare;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.compare.Comparison.Head;
import nimload.compare.History.Entry;
import nimload.compare.History.Level;
import nimload.compare.History.Number;
import nimload.compare.History.Step;
import nimload.page.NumberText;
import nimload.page.PageShell;
import nimload.plan.Shape;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Table;
import nimload.statistics.Interval;

/** {@code history.html}: per group of alike runs what changed, and each shape's p50, p95 and rate over the runs. */
final class HistoryPage {
    private HistoryPage() {}

    /**
     * Alike runs.
     *
     * @param apart why they are not with the runs of the first group; empty in that
     * @param pages of the runs, each relative to this page; empty where a run has none
     */
    record Part(History history, List<String> outcome, List<String> apart, List<Optional<String>> pages) {}

    /** What the template shows. */
    record View(List<PartView> parts, List<String> skipped, boolean emulated) {}

    record PartView(
            String title,
            List<String> outcome,
            List<String> apart,
            List<RunView> runs,
            List<String> steps,
            List<ShapeView> shapes,
            List<String> notes) {}

    /** @param setUp what changed in it since the run before; empty where nothing did */
    record RunView(int number, Head run, Instant started, Optional<String> page, Optional<String> setUp) {}

    /**
     * @param id of the charts' elements, without their endings
     * @param gaps which levels are not in which runs, and why
     */
    record ShapeView(String id, String shape, Table table, List<String> gaps) {}

    /** A shape's numbers, as the script draws them. */
    record Curves(String id, List<Curve> levels) {}

    /**
     * @param load {@code c=3} or {@code 20/s}
     * @param runs by number, from 1
     */
    record Curve(String load, List<Point> runs) {}

    record Point(int run, Optional<Value> p50, Optional<Value> p95, Optional<Value> requestsPerSecond) {}

    /** @param mark the verdict against the run before, where it is more than noise */
    record Value(double value, OptionalDouble low, OptionalDouble high, Optional<Verdict> mark) {}

    private record Row(int run, Level level) {
        Entry entry() {
            return level.entries().get(run);
        }
    }

    static String html(List<Part> parts, List<String> skipped) {
        List<PartView> views = new ArrayList<>();
        List<Curves> curves = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            views.add(view(parts, i, curves));
        }
        boolean emulated =
                parts.stream().flatMap(part -> part.history.runs().stream()).anyMatch(Head::emulated);
        return PageShell.html("History of runs", "history", new View(views, skipped, emulated), curves, "history.js");
    }

    private static PartView view(List<Part> parts, int index, List<Curves> curves) {
        Part part = parts.get(index);
        History history = part.history;
        List<RunView> runs = IntStream.range(0, history.runs().size())
                .mapToObj(i -> new RunView(
                        i + 1,
                        history.runs().get(i),
                        history.runs().get(i).started().truncatedTo(ChronoUnit.SECONDS),
                        part.pages.get(i),
                        Optional.of(String.join(", ", history.setUps().get(i))).filter(changes -> !changes.isEmpty())))
                .toList();
        List<ShapeView> shapes = new ArrayList<>();
        for (List<Level> levels : history.shapes()) {
            String id = "part" + index + "shape" + shapes.size();
            Shape shape = levels.get(0).point().shape();
            shapes.add(new ShapeView(id, shape.description(), table(id, shape, levels), HistoryTable.gaps(levels)));
            curves.add(new Curves(id, levels.stream().map(HistoryPage::curve).toList()));
        }
        return new PartView(
                parts.size() == 1 ? "What changed" : "Group " + (index + 1) + " of " + parts.size(),
                part.outcome,
                part.apart,
                runs,
                history.shownSteps().stream().map(HistoryTable::words).toList(),
                shapes,
                history.notes());
    }

    private static Table table(String id, Shape shape, List<Level> levels) {
        List<Column<Row>> columns = new ArrayList<>();
        columns.add(Column.text("conc.", row -> row.level.point().loadText()));
        columns.add(Column.number(
                "run", "", "", row -> Cell.number(Integer.toString(row.run + 1), OptionalDouble.of(row.run + 1))));
        History.METRICS.forEach(metric -> columns.add(Column.number(
                metric.title(), metric.unit(), "with its 95 % interval", row -> cell(row.entry(), metric))));
        return Table.of(
                id + "-table",
                shape.description(),
                columns,
                levels.stream()
                        .flatMap(level ->
                                IntStream.range(0, level.entries().size()).mapToObj(run -> new Row(run, level)))
                        .toList());
    }

    /** Coloured where it changed beyond noise, with how much and against which run. */
    private static Cell cell(Entry entry, Metric metric) {
        Optional<Number> number = entry.number(metric);
        if (number.isEmpty()) {
            return Cell.number(Cell.UNKNOWN, OptionalDouble.empty(), entry.gap().orElse("not known"));
        }
        Number known = number.get();
        List<String> detail = new ArrayList<>();
        known.interval()
                .map(interval -> NumberText.of(interval, 3))
                .filter(interval -> !interval.isEmpty())
                .ifPresent(detail::add);
        shown(known)
                .forEach(step -> detail.add(ChangeText.of(step.change()) + ", "
                        + step.change().verdict().words() + " than run " + (step.run() + 1)));
        String kind = shown(known).stream()
                .findFirst()
                .map(step -> step.change().verdict() == Verdict.SLOWER ? "n bad" : "n good")
                .orElse("n");
        return new Cell(
                NumberText.of(known.value(), 3), String.join("; ", detail), "", Double.toString(known.value()), kind);
    }

    private static List<Step> shown(Number number) {
        return Stream.concat(number.sinceBefore().stream(), number.sinceFirst().stream())
                .filter(Step::shown)
                .toList();
    }

    private static Curve curve(Level level) {
        return new Curve(
                (level.point().load().closed() ? "c=" : "") + level.point().loadText(),
                IntStream.range(0, level.entries().size())
                        .mapToObj(run -> {
                            Entry entry = level.entries().get(run);
                            return new Point(
                                    run + 1,
                                    value(entry, Metric.P50),
                                    value(entry, Metric.P95),
                                    value(entry, Metric.REQUESTS_PER_SECOND));
                        })
                        .toList());
    }

    private static Optional<Value> value(Entry entry, Metric metric) {
        return entry.number(metric)
                .map(number -> new Value(
                        number.value(),
                        number.interval().map(Interval::low).orElse(OptionalDouble.empty()),
                        number.interval().map(Interval::high).orElse(OptionalDouble.empty()),
                        number.sinceBefore()
                                .filter(Step::shown)
                                .map(step -> step.change().verdict())));
    }
}
