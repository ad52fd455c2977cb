package nimload.page;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A table as {@code table.html} shows it; the page's script makes it sortable by each column.
 *
 * @param id of the element, unique on the page
 * @param caption what it holds, in a phrase
 * @param rows each with a cell a column; the first is the row's header
 */
public record Table(String id, String caption, List<Column> columns, List<Row> rows) {
    /**
     * @param title of the column
     * @param unit below it; may be empty
     * @param hint what it means, shown on hovering; may be empty
     * @param kind {@code n} for numbers, which stand to the right; else empty
     */
    public record Column(String title, String unit, String hint, String kind) {
        public static Column number(String title, String unit, String hint) {
            return new Column(title, unit, hint, "n");
        }

        public static Column text(String title) {
            return new Column(title, "", "", "");
        }
    }

    /** @param kind a class of the style sheet; may be empty */
    public record Row(String kind, List<Cell> cells) {
        public Cell head() {
            return cells.get(0);
        }

        public List<Cell> rest() {
            return cells.subList(1, cells.size());
        }
    }

    /**
     * @param text what is shown
     * @param detail below it, smaller; may be empty
     * @param hint shown on hovering; may be empty
     * @param sort the number it is sorted by; empty if it is none, or unknown
     * @param kind a class of the style sheet; may be empty
     */
    public record Cell(String text, String detail, String hint, String sort, String kind) {
        public static Cell text(String text) {
            return new Cell(text, "", "", "", "");
        }

        /** @param shown how; {@link NumberText} has the ways */
        public static Cell number(String shown, OptionalDouble value) {
            return number(shown, value, "not known");
        }

        /** @param unknown the hint where there is no value */
        public static Cell number(String shown, OptionalDouble value, String unknown) {
            return value.isPresent()
                    ? new Cell(shown, "", "", Double.toString(value.getAsDouble()), "n")
                    : new Cell(shown, "", unknown, "", "n");
        }

        /** @param newHint may be empty, and the hint stays */
        public Cell with(String newDetail, String newHint) {
            return new Cell(text, newDetail, newHint.isEmpty() ? hint : newHint, sort, kind);
        }
    }
}
