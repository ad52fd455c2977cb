package nimload.nim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text that comes from a server, made fit for a terminal, a table or a log: a server, or whoever stands before it, may send
 * escape sequences, line breaks or a page of HTML where a message is expected.
 */
public final class ServerText {
    /** Of characters; a message that is longer is a page. */
    public static final int MAX_LENGTH = 300;

    private static final Pattern TOO_LONG =
            Pattern.compile("Input length \\d{1,9} exceeds maximum allowed token size \\d{1,9}");

    private ServerText() {}

    /**
     * The text on one line: white space and what Unicode calls control, format, private, surrogate or unassigned (category
     * C, so escape sequences and changes of direction too) become one blank; beyond {@value #MAX_LENGTH} characters it ends
     * with an ellipsis.
     */
    public static String oneLine(String text) {
        // Before the patterns run: a server decides how long it is.
        String some = text.substring(0, Math.min(text.length(), 4 * MAX_LENGTH));
        String line = some.replaceAll("[\\s\\p{C}\\p{Z}]+", " ").strip();
        if (line.codePointCount(0, line.length()) <= MAX_LENGTH && some.length() == text.length()) {
            return line;
        }
        int kept = Math.min(MAX_LENGTH - 1, line.codePointCount(0, line.length()));
        return line.substring(0, line.offsetByCodePoints(0, kept)) + "…";
    }

    /**
     * What of a server's message can be shown where it may quote the user's own texts: only how long a text was and how long
     * one may be.
     */
    public static String withoutTexts(String message) {
        Matcher lengths = TOO_LONG.matcher(message);
        return lengths.find()
                ? lengths.group()
                : "the server's words are left out, since they may quote your texts; its log has them";
    }
}
