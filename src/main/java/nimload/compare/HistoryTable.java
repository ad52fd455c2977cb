package nimload.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import nimload.compare.History.Entry;
import nimload.compare.History.Level;
import nimload.compare.History.Number;
import nimload.compare.History.Shown;
import nimload.compare.History.Step;
import nimload.page.NumberText;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Table;

/** A history for the console: its runs, what changed, one table per shape, the notes. */
final class HistoryTable {
    private HistoryTable() {}

    static String of(History history, List<String> outcome) {
        StringBuilder out = new StringBuilder();
        for (int run = 0; run < history.runs().size(); run++) {
            out.append(String.format(
                    "%3d  %s%s\n", run + 1, history.runs().get(run).name(), setUp(history, run)));
        }
        outcome.forEach(line -> out.append(line).append('\n'));
        history.shownSteps()
                .forEach(shown -> out.append("  ").append(words(shown)).append('\n'));
        out.append("\nS slower, F faster than the run before; s slower, f faster than the first\n");
        history.shapes().forEach(levels -> out.append(shape(levels)));
        out.append('\n');
        history.notes().forEach(note -> out.append(note).append('\n'));
        return out.toString();
    }

    private static String setUp(History history, int run) {
        List<String> changes = history.setUps().get(run);
        return changes.isEmpty() ? "" : ": " + String.join(", ", changes);
    }

    /** {@code run 4, query, 20 tokens, 1 text, concurrency 5: p50 10.00 → 11.20 ms, +12.0 % (+8.6 … +15.5 %): slower than run 3}. */
    static String words(Shown shown) {
        MetricChange change = shown.step().change();
        return "run " + (shown.run() + 1) + ", " + shown.point().description() + ": "
                + change.metric().title() + " " + ChangeText.values(change) + ", " + ChangeText.of(change) + " ("
                + ChangeText.interval(change) + "): " + change.verdict().words() + " than run "
                + (shown.step().run() + 1);
    }

    private record Row(int run, Level level) {
        Entry entry() {
            return level.entries().get(run);
        }
    }

    private static String shape(List<Level> levels) {
        List<Row> rows = new ArrayList<>();
        levels.forEach(level -> IntStream.range(0, level.entries().size())
                .filter(run -> level.entries().get(run).gap().isEmpty())
                .forEach(run -> rows.add(new Row(run, level))));
        List<Column<Row>> columns = new ArrayList<>();
        columns.add(Column.text("", row -> ""));
        columns.add(Column.text("conc.", row -> row.level.point().loadText()));
        columns.add(Column.text("run", row -> Integer.toString(row.run + 1)));
        History.METRICS.forEach(metric -> {
            String title = metric.higherIsBetter() ? metric.title() : metric.title() + " " + metric.unit();
            columns.add(Column.text(title, row -> value(row.entry().number(metric))));
            columns.add(Column.text(
                    "",
                    row -> row.entry().number(metric).map(HistoryTable::marks).orElse("")));
        });
        StringBuilder out = new StringBuilder("\n")
                .append(levels.get(0).point().shape().description())
                .append('\n');
        out.append(rows.isEmpty() ? "" : Table.text(columns, rows));
        gaps(levels).forEach(gap -> out.append("  ").append(gap).append('\n'));
        return out.toString();
    }

    /** Each level and reason once, with the numbers of its runs: {@code concurrency 5, runs 1, 2: not in the run}. */
    static List<String> gaps(List<Level> levels) {
        List<String> gaps = new ArrayList<>();
        for (Level level : levels) {
            Map<String, List<String>> runs = new LinkedHashMap<>();
            for (int run = 0; run < level.entries().size(); run++) {
                String number = Integer.toString(run + 1);
                level.entries()
                        .get(run)
                        .gap()
                        .ifPresent(gap -> runs.computeIfAbsent(gap, reason -> new ArrayList<>())
                                .add(number));
            }
            runs.forEach((gap, numbers) -> gaps.add((level.point().load().closed() ? "concurrency " : "")
                    + level.point().loadText()
                    + (numbers.size() == 1 ? ", run " : ", runs ") + String.join(", ", numbers) + ": " + gap));
        }
        return gaps;
    }

    private static String value(Optional<Number> number) {
        return number.map(known -> NumberText.of(known.value(), 3)
                        + known.interval()
                                .map(interval -> NumberText.of(interval, 3))
                                .filter(interval -> !interval.isEmpty())
                                .map(interval -> " (" + interval + ")")
                                .orElse(""))
                .orElse(Cell.UNKNOWN);
    }

    static String marks(Number number) {
        return mark(number.sinceBefore()) + mark(number.sinceFirst()).toLowerCase(Locale.ROOT);
    }

    private static String mark(Optional<Step> step) {
        return step.filter(Step::shown)
                .map(shown -> shown.change().verdict() == Verdict.SLOWER ? "S" : "F")
                .orElse("");
    }
}
