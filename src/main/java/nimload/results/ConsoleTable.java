package nimload.results;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.plan.OwnTexts;
import nimload.plan.Workload;

/**
 * The table at the end of a run, which is Markdown too: one block per workload, kind of load and what else ran, one row per level, and below them why a level
 * may not be quoted, the same reason once. No row is longer than {@value #WIDTH} characters.
 */
public final class ConsoleTable {
    static final int WIDTH = 120;

    private static final List<Percentile> PERCENTILES =
            List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99);

    /** From here on a decimal more would make a column wider than what latencies and rates need. */
    private static final double ONE_DECIMAL = 1000;

    private static final double NO_DECIMAL = 100_000;

    private ConsoleTable() {}

    public static String of(List<LevelResults> results) {
        Footnotes footnotes = Footnotes.ofVerdicts(results.stream()
                .sorted(Comparator.comparing(LevelResults::workload))
                .toList());
        String blocks = Arrays.stream(Workload.values())
                .flatMap(workload -> Stream.of(false, true)
                        .flatMap(open -> results.stream()
                                .filter(level -> level.workload() == workload
                                        && level.throughput().arrivals().isPresent() == open)
                                .collect(groupingBy(level -> level.point().during(), LinkedHashMap::new, toList()))
                                .values()
                                .stream()))
                .map(levels -> block(levels, footnotes))
                .collect(Collectors.joining("\n"));
        String notes =
                footnotes.notes().stream().map(note -> note.line() + "\n").collect(Collectors.joining());
        return notes.isEmpty() ? blocks : blocks + "\n" + notes;
    }

    /** @param levels at least one, of one workload */
    private static String block(List<LevelResults> levels, Footnotes footnotes) {
        LevelResults first = levels.get(0);
        Workload workload = first.workload();
        List<Column<LevelResults>> columns = columns(workload, levels, footnotes);
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::title).toList());
        levels.forEach(level -> rows.add(columns.stream()
                .map(column -> column.cell().apply(level).text())
                .toList()));
        int[] widths = widths(rows);
        StringBuilder text = new StringBuilder(workload.key());
        if (!first.point().alone()) {
            text.append(", ").append(first.point().during());
        }
        if (first.throughput().arrivals().isPresent()) {
            text.append(": response times, from when a request was to be sent");
        }
        text.append("\n\n");
        text.append(line(rows.get(0), widths));
        text.append(line(
                Arrays.stream(widths)
                        .mapToObj(width -> "-".repeat(width - 1) + ":")
                        .toList(),
                widths));
        rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    /** {@code valid}, {@code valid [c]} or {@code [a,b]}. */
    private static String verdict(LevelResults level, Footnotes footnotes) {
        List<String> marks = footnotes.marks(level.point());
        String words = level.valid() ? "valid" : "";
        return marks.isEmpty() ? words : (words + " [" + String.join(",", marks) + "]").strip();
    }

    private static List<Column<LevelResults>> columns(
            Workload workload, List<LevelResults> levels, Footnotes footnotes) {
        List<Column<LevelResults>> columns = new ArrayList<>();
        boolean own = levels.get(0).point().texts().isPresent();
        columns.add(Column.text(own ? "texts" : "tokens", ConsoleTable::texts));
        columns.add(Column.text(
                workload.itemsSetting(),
                level -> level.point().items() == 0
                        ? "varies"
                        : Integer.toString(level.point().items())));
        columns.add(Column.text("conc.", level -> level.point().loadText()));
        PERCENTILES.forEach(percentile ->
                columns.add(Column.text("P" + percentile.share() + " ms", level -> percentile(level, percentile))));
        columns.add(rate("req/s", level -> level.throughput().requestsPerSecond()));
        columns.add(rate(workload.items() + "/s", level -> level.throughput().itemsPerSecond()));
        columns.add(
                Column.text("errors", level -> Long.toString(level.requests().errors())));
        columns.add(Column.text("verdict", level -> verdict(level, footnotes)));
        return columns;
    }

    /** {@code 20}, {@code 512+512} or the user's file. */
    private static String texts(LevelResults level) {
        int query = level.point().queryTokens();
        return level.point()
                .texts()
                .map(OwnTexts::file)
                .orElseGet(() ->
                        (query > 0 ? query + "+" : "") + level.point().shape().length())
                .replace("|", "\\|");
    }

    /** As wide as the widest cell; the first column, which may hold a file's name, has what the others leave. */
    private static int[] widths(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toArray();
        int others = IntStream.of(widths).skip(1).sum() + 3 * widths.length + 1;
        widths[0] = Math.min(widths[0], Math.max(rows.get(0).get(0).length(), WIDTH - others));
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> " "
                                .repeat(Math.max(
                                        0, widths[column] - cells.get(column).length()))
                        + clipped(cells.get(column), widths[column]))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String clipped(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    /** With a sign where so few requests do not bound it from above. */
    private static String percentile(LevelResults level, Percentile percentile) {
        boolean bounded =
                level.response().estimate(percentile).map(Estimate::bounded).orElse(true);
        return (bounded ? "" : "≥ ") + number(level.response().at(percentile), 3);
    }

    private static Column<LevelResults> rate(String title, Function<LevelResults, OptionalDouble> value) {
        return Column.text(title, level -> number(value.apply(level), 1));
    }

    /** @param decimals below 1000 */
    private static String number(OptionalDouble value, int decimals) {
        if (value.isEmpty()) {
            return Cell.UNKNOWN;
        }
        double number = value.getAsDouble();
        int shown = number < ONE_DECIMAL ? decimals : number < NO_DECIMAL ? 1 : 0;
        return String.format(Locale.ROOT, "%." + shown + "f", number);
    }
}
