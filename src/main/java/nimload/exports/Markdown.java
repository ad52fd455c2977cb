package nimload.exports;

import java.util.List;
import java.util.stream.Collectors;

/** Pieces of GitHub-flavoured Markdown. */
final class Markdown {
    /** Those that begin markup within a line. */
    private static final String MARKUP = "[\\\\`*_{}\\[\\]<>#|~&!$]";

    private Markdown() {}

    /** Text that is shown as it is, on one line. */
    static String words(String text) {
        return Characters.line(text).replaceAll(MARKUP, "\\\\$0");
    }

    /** Text that is shown as it is and made no link or mention, on one line; not for tables, where a bar ends the cell. */
    static String code(String text) {
        String line = Characters.line(text);
        String ticks = "`";
        while (line.contains(ticks)) {
            ticks += "`";
        }
        // A blank keeps a backtick at an end apart; Markdown takes both away.
        String blank = line.startsWith("`") || line.endsWith("`") ? " " : "";
        return ticks + blank + line + blank + ticks;
    }

    /** Lines that are shown as they are. */
    static String block(String text) {
        String fence = "```";
        while (text.contains(fence)) {
            fence += "`";
        }
        return fence + "text\n" + Characters.readable(text).stripTrailing() + "\n" + fence + "\n";
    }

    /**
     * @param columns title, and whether it holds numbers, which are aligned to the right
     * @param rows of cells in Markdown
     */
    static String table(List<Column> columns, List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        text.append(row(columns.stream().map(Column::title).toList()));
        text.append(row(
                columns.stream().map(column -> column.number() ? "---:" : "---").toList()));
        rows.forEach(cells -> text.append(row(cells)));
        return text.toString();
    }

    record Column(String title, boolean number) {}

    /** What is shown only when the reader opens it. */
    static String folded(String title, String content) {
        return "<details><summary>" + words(title) + "</summary>\n\n" + content + "\n</details>\n";
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
