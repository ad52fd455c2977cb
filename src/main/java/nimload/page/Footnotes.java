package nimload.page;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nimload.plan.Shape;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/** Why levels may not be quoted, and what else to know about them: each reason once, however many levels have it. */
final class Footnotes {
    private static final String UNVERIFIED = "tokens not verified: the server gives no count that moves with the text";

    private final Map<String, List<Remark>> byKind = new LinkedHashMap<>();

    /** @param against whether it is a reason not to quote the level */
    private record Remark(LevelResults level, String text, boolean against) {}

    /**
     * @param text of the first level that has it
     * @param where its levels, by shape
     * @param each what it says of each level; empty where it says the same of all
     */
    record Note(String mark, boolean against, String text, String where, List<String> each) {}

    private final int levels;

    private Footnotes(int levels) {
        this.levels = levels;
    }

    static Footnotes of(RunResults run) {
        Footnotes footnotes = new Footnotes(run.levels().size());
        // Reasons first: their marks are then the first letters.
        for (boolean against : new boolean[] {true, false}) {
            run.levels().stream()
                    .flatMap(Footnotes::remarks)
                    .filter(remark -> remark.against == against)
                    .forEach(remark -> footnotes
                            .byKind
                            .computeIfAbsent(kind(remark.text), kind -> new ArrayList<>())
                            .add(remark));
        }
        return footnotes;
    }

    private static Stream<Remark> remarks(LevelResults level) {
        Stream<String> others = level.valid() && !level.tokens().verified()
                ? Stream.concat(Stream.of(UNVERIFIED), level.validity().remarks().stream())
                : level.validity().remarks().stream();
        return Stream.concat(
                level.validity().reasons().stream().map(text -> new Remark(level, text, true)),
                others.map(text -> new Remark(level, text, false)));
    }

    /** The text without its numbers. */
    private static String kind(String text) {
        return text.replaceAll("[0-9]+([.,][0-9]+)*", "0");
    }

    /** {@code [a] [c]}; empty for a level of which there is nothing to say. */
    String marks(LevelResults level) {
        List<String> kinds = List.copyOf(byKind.keySet());
        return remarks(level)
                .map(remark -> kinds.indexOf(kind(remark.text)))
                .distinct()
                .map(number -> "[" + mark(number) + "]")
                .collect(joining(" "));
    }

    List<Note> notes() {
        List<Note> notes = new ArrayList<>();
        byKind.values().forEach(remarks -> {
            Remark first = remarks.get(0);
            boolean same = remarks.stream().map(Remark::text).distinct().count() == 1;
            List<String> each = same
                    ? List.of()
                    : remarks.stream()
                            .map(remark -> remark.level.point().description() + ": " + remark.text)
                            .toList();
            notes.add(new Note(mark(notes.size()), first.against, first.text, where(remarks), each));
        });
        return notes;
    }

    /** {@code a} … {@code z}, {@code aa} …. */
    private static String mark(int number) {
        return (number < 26 ? "" : mark(number / 26 - 1)) + (char) ('a' + number % 26);
    }

    private String where(List<Remark> remarks) {
        List<LevelResults> those =
                remarks.stream().map(Remark::level).distinct().toList();
        if (those.size() == levels && levels > 1) {
            return "all " + levels + " levels";
        }
        Map<Shape, List<String>> byShape = those.stream()
                .collect(groupingBy(
                        level -> level.point().shape(),
                        LinkedHashMap::new,
                        mapping(level -> Integer.toString(level.concurrency()), toList())));
        return byShape.entrySet().stream()
                .map(shape -> shape.getKey().description()
                        + (shape.getKey().load().closed()
                                ? ", concurrency " + String.join(", ", shape.getValue())
                                : ""))
                .collect(joining("; "));
    }
}
