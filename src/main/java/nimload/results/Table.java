package nimload.results;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table, for the page and for the console.
 *
 * @param id of the element, unique on the page
 * @param caption what it holds, in a phrase
 * @param rows with one cell per column; the first is the row's header
 */
public record Table(String id, String caption, List<? extends Column<?>> columns, List<Row> rows) {

    /** @param kind a class of the style sheet; may be empty */
    public record Row(String kind, List<Cell> cells) {
        public Cell head() {
            return cells.get(0);
        }

        public List<Cell> rest() {
            return cells.subList(1, cells.size());
        }
    }

    /** One row per value. */
    public static <R> Table of(String id, String caption, List<Column<R>> columns, List<R> values) {
        return new Table(
                id,
                caption,
                columns,
                values.stream().map(value -> row(columns, value)).toList());
    }

    private static <R> Row row(List<Column<R>> columns, R value) {
        return new Row(
                "", columns.stream().map(column -> column.cell().apply(value)).toList());
    }

    /** Plain text: columns as wide as their widest cell, aligned to the right, the first and the last to the left. */
    public static <R> String text(List<Column<R>> columns, List<R> values) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::heading).toList());
        values.forEach(value ->
                lines.add(row(columns, value).cells().stream().map(Cell::text).toList()));
        int[] widths = IntStream.range(0, columns.size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(aligned(line, widths)).append('\n'));
        return text.toString();
    }

    private static String aligned(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ");
            line.append(column == 0 || column == widths.length - 1 ? cell + padding : padding + cell);
        }
        return line.toString().stripTrailing();
    }
}
