package nimload.results;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nimload.plan.Load;
import nimload.plan.LoadPoint;

/**
 * What is said of the levels of a table, below it: each text once, however many levels have it. Texts that differ in their
 * numbers alone are the same.
 */
public final class Footnotes {
    private static final String UNVERIFIED = "tokens not verified: the server gives no count that moves with the text";

    private final Map<String, List<Remark>> byKind = new LinkedHashMap<>();
    private final int levels;

    /** @param against whether it is a reason not to quote the level */
    public record Remark(LoadPoint point, String text, boolean against) {}

    /**
     * @param mark {@code a} … {@code z}, {@code aa} …
     * @param text of the first level that has it
     * @param where its levels, by shape
     * @param each what it says of each level; empty where it says the same of all
     */
    public record Note(String mark, boolean against, String text, String where, List<String> each) {
        /** {@code [a] silent (query, 20 tokens, 1 text, concurrency 1, 3)}. */
        public String line() {
            return "[" + mark + "] " + words();
        }

        /** The line without its mark. */
        public String words() {
            return text + " (" + where + (each.isEmpty() ? "" : "; numbers of the first") + ")";
        }
    }

    private Footnotes(int levels) {
        this.levels = levels;
    }

    /** @param levels of the table */
    public static Footnotes of(Stream<Remark> remarks, int levels) {
        Footnotes footnotes = new Footnotes(levels);
        remarks.forEach(remark -> footnotes
                .byKind
                .computeIfAbsent(kind(remark.text), kind -> new ArrayList<>())
                .add(remark));
        return footnotes;
    }

    /** Why levels may not be quoted, and what keeps a valid one from being all that it could be. */
    public static Footnotes ofVerdicts(List<LevelResults> levels) {
        return of(levels.stream().flatMap(Footnotes::verdicts), levels.size());
    }

    /** The same, then what else there is to know of them. */
    public static Footnotes ofRemarks(List<LevelResults> levels) {
        List<Remark> all = levels.stream()
                .flatMap(level -> Stream.concat(
                        verdicts(level),
                        level.validity().remarks().stream().map(text -> new Remark(level.point(), text, false))))
                .toList();
        // Reasons first: their marks are then the first letters.
        return of(
                Stream.concat(all.stream().filter(Remark::against), all.stream().filter(remark -> !remark.against)),
                levels.size());
    }

    private static Stream<Remark> verdicts(LevelResults level) {
        if (level.valid() && !level.tokens().verified()) {
            return Stream.of(new Remark(level.point(), UNVERIFIED, false));
        }
        return level.validity().reasons().stream().map(text -> new Remark(level.point(), text, true));
    }

    /** The text without its numbers. */
    public static String kind(String text) {
        return text.replaceAll("[0-9]+([.,][0-9]+)*", "0");
    }

    /** Those of a level; empty for one of which there is nothing to say. */
    public List<String> marks(LoadPoint point) {
        List<String> marks = new ArrayList<>();
        int number = 0;
        for (List<Remark> remarks : byKind.values()) {
            if (remarks.stream().anyMatch(remark -> remark.point.equals(point))) {
                marks.add(mark(number));
            }
            number++;
        }
        return marks;
    }

    public List<Note> notes() {
        List<Note> notes = new ArrayList<>();
        byKind.values().forEach(remarks -> {
            Remark first = remarks.get(0);
            boolean same = remarks.stream().map(Remark::text).distinct().count() == 1;
            List<String> each = same
                    ? List.of()
                    : remarks.stream()
                            .map(remark -> remark.point.description() + ": " + remark.text)
                            .toList();
            notes.add(new Note(mark(notes.size()), first.against, first.text, where(remarks), each));
        });
        return notes;
    }

    private static String mark(int number) {
        return (number < 26 ? "" : mark(number / 26 - 1)) + (char) ('a' + number % 26);
    }

    private String where(List<Remark> remarks) {
        List<LoadPoint> those = remarks.stream().map(Remark::point).distinct().toList();
        if (those.size() == levels && levels > 1) {
            return "all " + levels + " levels";
        }
        Map<String, List<String>> byShape = those.stream()
                .collect(groupingBy(
                        point -> point.at(Load.CLOSED).shape().description()
                                + (point.load().closed() ? ", concurrency " : ", "),
                        LinkedHashMap::new,
                        mapping(LoadPoint::loadText, toList())));
        return byShape.entrySet().stream()
                .map(shape -> shape.getKey() + String.join(", ", shape.getValue()))
                .collect(joining("; "));
    }
}
