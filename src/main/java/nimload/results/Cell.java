package nimload.results;

import java.util.OptionalDouble;

/**
 * What stands in a table at one place.
 *
 * @param detail below the text, smaller; may be empty
 * @param hint shown on hovering; may be empty
 * @param sort the number to sort by; empty for text and for an unknown number
 * @param kind a class of the style sheet; may be empty
 */
public record Cell(String text, String detail, String hint, String sort, String kind) {
    /** Stands for a number that is not known. */
    public static final String UNKNOWN = "–";

    public static Cell text(String text) {
        return new Cell(text, "", "", "", "");
    }

    public static Cell number(String shown, OptionalDouble value) {
        return number(shown, value, "not known");
    }

    /** @param unknown the hint where there is no value */
    public static Cell number(String shown, OptionalDouble value, String unknown) {
        return value.isPresent()
                ? new Cell(shown, "", "", Double.toString(value.getAsDouble()), "n")
                : new Cell(shown, "", unknown, "", "n");
    }

    /** @param newHint if empty, the hint stays */
    public Cell with(String newDetail, String newHint) {
        return new Cell(text, newDetail, newHint.isEmpty() ? hint : newHint, sort, kind);
    }
}
