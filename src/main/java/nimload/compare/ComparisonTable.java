package nimload.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.compare.Comparison.Compared;
import nimload.compare.Comparison.Difference;
import nimload.results.ConsoleTable;
import nimload.statistics.Interval;

/** A comparison as text for the console: a table a run, then what differed in the set-up, then the notes. */
public final class ComparisonTable {
    private static final String UNKNOWN = "–";

    private ComparisonTable() {}

    public static String of(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        comparison.runs().forEach(run -> out.append(run(comparison, run)).append('\n'));
        if (!comparison.differences().isEmpty()) {
            out.append(differences(comparison)).append('\n');
        }
        comparison.notes().forEach(note -> out.append(note).append('\n'));
        return out.toString();
    }

    private static String run(Comparison comparison, Compared run) {
        StringBuilder out = new StringBuilder();
        out.append(run.run().run())
                .append(" against ")
                .append(comparison.baseline().run())
                .append(" (baseline); ratios are run ÷ baseline, with 95 % intervals\n");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("level", "conc.", "p50 ms", "ratio", "req/s", "ratio", "p99 ratio", "verdict"));
        run.levels().forEach(level -> rows.add(row(level)));
        out.append(ConsoleTable.aligned(rows));
        run.levels().stream()
                .filter(level -> !level.notValid().isEmpty())
                .forEach(level -> out.append("not valid: ")
                        .append(level.name())
                        .append(": ")
                        .append(String.join("; ", level.notValid()))
                        .append('\n'));
        only(out, "only in the baseline: ", run.onlyInBaseline());
        only(out, "only in this run: ", run.onlyInRun());
        return out.toString();
    }

    private static List<String> row(LevelChange level) {
        Optional<MetricChange> p99 = level.metric(Metric.P99);
        return List.of(
                level.shape(),
                Integer.toString(level.concurrency()),
                values(level.metric(Metric.P50), 3),
                ratio(level.metric(Metric.P50)),
                values(level.metric(Metric.REQUESTS_PER_SECOND), 1),
                ratio(level.metric(Metric.REQUESTS_PER_SECOND)),
                ratio(p99) + decided(p99),
                level.verdict().words() + (level.notValid().isEmpty() ? "" : " (not valid)"));
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
                .orElse(UNKNOWN);
    }

    /** {@code 1.051 [1.022, 1.081]}; a side that could not be bounded is a dash. */
    static String ratio(Optional<MetricChange> change) {
        return change.map(of -> String.format(Locale.ROOT, "%.3f", of.ratio())
                        + of.interval().map(ComparisonTable::interval).orElse(""))
                .orElse(UNKNOWN);
    }

    private static String interval(Interval interval) {
        return " [" + bound(interval.low()) + ", " + bound(interval.high()) + "]";
    }

    private static String bound(OptionalDouble bound) {
        return bound.isPresent() ? String.format(Locale.ROOT, "%.3f", bound.getAsDouble()) : UNKNOWN;
    }

    private static void only(StringBuilder out, String where, List<String> levels) {
        if (!levels.isEmpty()) {
            out.append(where).append(String.join("; ", levels)).append('\n');
        }
    }

    private static String differences(Comparison comparison) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head =
                new ArrayList<>(List.of("set-up", comparison.baseline().run()));
        comparison.runs().forEach(run -> head.add(run.run().run()));
        rows.add(head);
        for (Difference difference : comparison.differences()) {
            List<String> row = new ArrayList<>(List.of(difference.what()));
            difference.values().forEach(value -> row.add(value.orElse(UNKNOWN)));
            rows.add(row);
        }
        return ConsoleTable.aligned(rows);
    }
}
