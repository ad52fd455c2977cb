package nimload.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Difference;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Table;
import nimload.statistics.Interval;

/** A comparison for the console: one table per run, then the differences in the set-up, then the notes. */
public final class ComparisonTable {
    private static final List<Column<LevelChange>> LEVELS = List.of(
            Column.text("level", LevelChange::shape),
            Column.text(
                    "conc.", level -> level.concurrency() == 0 ? Cell.UNKNOWN : Integer.toString(level.concurrency())),
            Column.text("p50 ms", level -> values(level.metric(Metric.P50), 3)),
            Column.text("ratio", level -> ratio(level.metric(Metric.P50))),
            Column.text("req/s", level -> values(level.metric(Metric.REQUESTS_PER_SECOND), 1)),
            Column.text("ratio", level -> ratio(level.metric(Metric.REQUESTS_PER_SECOND))),
            Column.text("p99 ratio", level -> ratio(level.metric(Metric.P99)) + decided(level.metric(Metric.P99))),
            Column.text(
                    "verdict",
                    level -> level.verdict().words() + (level.notValid().isEmpty() ? "" : " (not valid)")));

    private ComparisonTable() {}

    public static String of(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        comparison.runs().forEach(run -> out.append(run(comparison, run)).append('\n'));
        if (!comparison.differences().isEmpty()) {
            out.append(Table.text(setUp(comparison, comparison.baseline().run()), comparison.differences()))
                    .append('\n');
        }
        comparison.notes().forEach(note -> out.append(note).append('\n'));
        return out.toString();
    }

    private static String run(Comparison comparison, Compared run) {
        StringBuilder out = new StringBuilder();
        out.append(run.run().run())
                .append(" against ")
                .append(comparison.baseline().run())
                .append(" (baseline); ratios are run ÷ baseline, with 95 % intervals\n")
                .append(Table.text(LEVELS, run.levels()));
        run.remarks().forEach(remark -> out.append(remark).append('\n'));
        return out.toString();
    }

    /**
     * One column per run, for a row per difference.
     *
     * @param baseline title of the baseline's column
     */
    static List<Column<Difference>> setUp(Comparison comparison, String baseline) {
        List<Column<Difference>> columns = new ArrayList<>();
        columns.add(Column.text("set-up", Difference::what));
        Stream.concat(
                        Stream.of(baseline),
                        comparison.runs().stream().map(run -> run.run().run()))
                .forEach(run -> {
                    int index = columns.size() - 1;
                    columns.add(Column.text(
                            run, difference -> difference.values().get(index).orElse(Cell.UNKNOWN)));
                });
        return columns;
    }

    /** The tail's own verdict, where it has one. */
    private static String decided(Optional<MetricChange> change) {
        return change.map(MetricChange::verdict)
                .filter(verdict -> verdict == Verdict.FASTER || verdict == Verdict.SLOWER)
                .map(verdict -> " " + verdict.words())
                .orElse("");
    }

    private static String values(Optional<MetricChange> change, int decimals) {
        return change.map(of -> String.format(
                        Locale.ROOT, "%." + decimals + "f → %." + decimals + "f", of.baseline(), of.run()))
                .orElse(Cell.UNKNOWN);
    }

    /** {@code 1.051 [1.022, 1.081]}; an unbounded side is a dash. */
    private static String ratio(Optional<MetricChange> change) {
        return change.map(of -> String.format(Locale.ROOT, "%.3f", of.ratio())
                        + of.interval().map(ComparisonTable::interval).orElse(""))
                .orElse(Cell.UNKNOWN);
    }

    private static String interval(Interval interval) {
        return " [" + bound(interval.low()) + ", " + bound(interval.high()) + "]";
    }

    private static String bound(OptionalDouble bound) {
        return bound.isPresent() ? String.format(Locale.ROOT, "%.3f", bound.getAsDouble()) : Cell.UNKNOWN;
    }
}
