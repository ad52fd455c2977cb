package nimload.results;

import java.util.function.Function;

/**
 * A column of a table and what stands in it.
 *
 * @param unit below the title; may be empty
 * @param hint what it means, shown on hovering; may be empty
 * @param kind classes of the style sheet: {@code n} for numbers, which are aligned to the right, {@link #LATE}
 * @param <R> what a row shows
 */
public record Column<R>(String title, String unit, String hint, String kind, Function<R, Cell> cell) {

    /** Of a column that a narrow window hides before any other. */
    public static final String LATE = "late";

    public static <R> Column<R> number(String title, String unit, String hint, Function<R, Cell> cell) {
        return new Column<>(title, unit, hint, "n", cell);
    }

    public static <R> Column<R> text(String title, Function<R, String> text) {
        return new Column<>(title, "", "", "", row -> Cell.text(text.apply(row)));
    }

    /** The same, hidden first where there is too little room. */
    public Column<R> late() {
        return new Column<>(title, unit, hint, (kind + " " + LATE).strip(), cell);
    }

    /** Title and unit on one line. */
    String heading() {
        return unit.isEmpty() ? title : title + " " + unit;
    }
}
