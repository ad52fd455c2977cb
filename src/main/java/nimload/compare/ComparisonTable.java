package nimload.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Difference;
import nimload.page.NumberText;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Table;

/** A comparison for the console: one table per run, then the differences in the set-up, then the notes. */
public final class ComparisonTable {
    private static final List<Column<LevelChange>> LEVELS = List.of(
            Column.text("", level -> ""),
            Column.text("conc.", LevelChange::concurrencyText),
            Column.text("p50 ms", level -> values(level.metric(Metric.P50))),
            Column.text("change (95 %)", level -> change(level.metric(Metric.P50))),
            Column.text("req/s", level -> values(level.metric(Metric.REQUESTS_PER_SECOND))),
            Column.text("change (95 %)", level -> change(level.metric(Metric.REQUESTS_PER_SECOND))),
            Column.text("p99", level -> tail(level.metric(Metric.P99))),
            Column.text("verdict", level -> level.verdict().words()));

    private ComparisonTable() {}

    public static String of(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        comparison.runs().forEach(run -> out.append(run(comparison, run)).append('\n'));
        if (!comparison.differences().isEmpty()) {
            out.append(Table.text(setUp(comparison, comparison.baseline().name()), comparison.differences()))
                    .append('\n');
        }
        comparison.notes().forEach(note -> out.append(note).append('\n'));
        return out.toString();
    }

    private static String run(Comparison comparison, Compared run) {
        StringBuilder out = new StringBuilder();
        out.append(run.run().name())
                .append(" against ")
                .append(comparison.baseline().name())
                .append(" (baseline): ")
                .append(FirstLine.of(run))
                .append('\n');
        if (!run.compared().isEmpty()) {
            out.append(levels(WorstFirst.groups(run.compared())));
        }
        run.remarks().forEach(remark -> out.append(remark).append('\n'));
        return out.toString();
    }

    /** One table, so that its columns are as wide in every group, and each group under its name. */
    private static String levels(List<WorstFirst.Group> groups) {
        List<LevelChange> levels =
                groups.stream().flatMap(group -> group.levels().stream()).toList();
        List<String> rows = Table.text(LEVELS, levels).lines().toList();
        StringBuilder out = new StringBuilder(rows.get(0)).append('\n');
        int next = 1;
        for (WorstFirst.Group group : groups) {
            out.append(group.shape()).append('\n');
            for (LevelChange ignored : group.levels()) {
                out.append(rows.get(next++)).append('\n');
            }
        }
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
                        comparison.runs().stream().map(run -> run.run().name()))
                .forEach(run -> {
                    int index = columns.size() - 1;
                    columns.add(Column.text(
                            run, difference -> difference.values().get(index).orElse(Cell.UNKNOWN)));
                });
        return columns;
    }

    private static String values(Optional<MetricChange> change) {
        return change.map(of -> NumberText.of(of.baseline(), 3) + " → " + NumberText.of(of.run(), 3))
                .orElse(Cell.UNKNOWN);
    }

    /** {@code +5.0 % (+1.8 … +8.3 %)}. */
    private static String change(Optional<MetricChange> change) {
        return change.map(of ->
                        ChangeText.of(of) + (of.interval().isPresent() ? " (" + ChangeText.interval(of) + ")" : ""))
                .orElse(Cell.UNKNOWN);
    }

    /** Only what has a verdict: the interval of a tail is often wide. */
    private static String tail(Optional<MetricChange> change) {
        return change.map(of -> of.verdict().shown()
                        ? ChangeText.of(of) + " " + of.verdict().words()
                        : of.verdict() == Verdict.NOT_JUDGED ? ChangeText.of(of) : "none shown")
                .orElse(Cell.UNKNOWN);
    }
}
