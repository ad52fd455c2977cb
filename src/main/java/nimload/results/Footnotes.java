package nimload.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.plan.Shape;

/**
 * Why levels may not be quoted, each reason once: {@code [a] someone else used the NIM … (query, 20 tokens, 1 text: concurrency
 * 1, 3)}. Reasons that differ in their numbers alone are the same; the numbers are then those of the first level.
 */
final class Footnotes {
    private static final String UNVERIFIED = "tokens not verified: the server gives no count that moves with the text";

    private final Map<String, Note> notes = new LinkedHashMap<>();

    private record Note(String mark, List<String> texts, List<LevelResults> levels) {}

    private Footnotes() {}

    static Footnotes of(List<LevelResults> results) {
        Footnotes footnotes = new Footnotes();
        results.forEach(level -> reasons(level).forEach(reason -> {
            Note note = footnotes.notes.computeIfAbsent(
                    kind(reason), kind -> new Note(mark(footnotes.notes.size()), new ArrayList<>(), new ArrayList<>()));
            note.texts().add(reason);
            note.levels().add(level);
        }));
        return footnotes;
    }

    private static List<String> reasons(LevelResults level) {
        if (!level.valid()) {
            return level.validity().reasons();
        }
        return level.tokens().verified() ? List.of() : List.of(UNVERIFIED);
    }

    /** The reason without its numbers. */
    private static String kind(String reason) {
        return reason.replaceAll("[0-9]+([.,][0-9]+)*", "0");
    }

    /** {@code a} … {@code z}, {@code aa} …. */
    private static String mark(int number) {
        return (number < 26 ? "" : mark(number / 26 - 1)) + (char) ('a' + number % 26);
    }

    /** {@code valid}, {@code valid [c]} or {@code [a,b]}. */
    String verdict(LevelResults level) {
        String marks = reasons(level).stream()
                .map(reason -> notes.get(kind(reason)).mark())
                .distinct()
                .collect(Collectors.joining(",", "[", "]"));
        return level.valid() ? "valid" + (marks.equals("[]") ? "" : " " + marks) : marks;
    }

    /** One per reason. */
    List<String> lines() {
        return notes.values().stream().map(Footnotes::line).toList();
    }

    private static String line(Note note) {
        Map<Shape, List<String>> levels = note.levels().stream()
                .distinct()
                .collect(Collectors.groupingBy(
                        level -> level.point().shape(),
                        LinkedHashMap::new,
                        Collectors.mapping(level -> Integer.toString(level.concurrency()), Collectors.toList())));
        String where = levels.entrySet().stream()
                .map(entry -> entry.getKey().description() + ": concurrency " + String.join(", ", entry.getValue()))
                .collect(Collectors.joining("; "));
        String whose = note.texts().stream().distinct().count() > 1 ? "; numbers of the first" : "";
        return "[" + note.mark() + "] " + note.texts().get(0) + " (" + where + whose + ")";
    }
}
