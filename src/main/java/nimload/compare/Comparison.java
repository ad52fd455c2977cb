package nimload.compare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.page.SearchWords;
import nimload.plan.LoadPoint;
import nimload.plan.Shape;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * Runs compared with the first of them.
 *
 * @param baseline the first run
 * @param runs the other runs, each against the baseline
 * @param differences in the set-up, over all runs
 * @param notes what a reader must know, one sentence each
 */
public record Comparison(Head baseline, List<Compared> runs, List<Difference> differences, List<String> notes) {
    /** From this many levels on, one that differs by chance is likely. */
    private static final int MANY_LEVELS = 10;

    /**
     * Which run it is.
     *
     * @param name what it is called here, unlike all others
     * @param run its time stamp
     */
    public record Head(String name, String run, Instant started, String tool, boolean emulated) {
        static Head of(String name, RunResults run) {
            return new Head(
                    name,
                    run.info().id(),
                    run.info().started(),
                    run.info().tool(),
                    run.info().emulated());
        }
    }

    /**
     * A run against the baseline.
     *
     * @param levels that both have
     * @param onlyInBaseline descriptions of levels
     * @param onlyInRun likewise
     */
    public record Compared(Head run, List<LevelChange> levels, List<String> onlyInBaseline, List<String> onlyInRun) {

        /** Levels whose numbers may be quoted in both runs, and those that no longer answer. */
        List<LevelChange> compared() {
            return levels.stream().filter(LevelChange::counts).toList();
        }

        /** The other levels that both have. */
        List<LevelChange> leftOut() {
            return levels.stream().filter(level -> !level.counts()).toList();
        }

        /** Levels that may not be quoted, and levels that only one of the two runs has, one phrase each. */
        List<String> remarks() {
            List<String> remarks = new ArrayList<>();
            levels.stream()
                    .filter(level -> !level.notValid().isEmpty())
                    .map(level -> (level.counts() ? "no right answer: " : "not compared, may not be quoted: ")
                            + level.point().description() + ": " + String.join("; ", level.notValid()))
                    .forEach(remarks::add);
            if (!onlyInBaseline.isEmpty()) {
                remarks.add("only in the baseline: " + String.join("; ", onlyInBaseline));
            }
            if (!onlyInRun.isEmpty()) {
                remarks.add("only in this run: " + String.join("; ", onlyInRun));
            }
            return remarks;
        }
    }

    /**
     * @param what {@code embedding.release}, {@code client.java} …
     * @param values one per run, in the order of the runs; empty where a run does not record it
     */
    public record Difference(String what, List<Optional<String>> values) {}

    /**
     * Compares any runs; {@link Likeness} decides whether they may be compared.
     *
     * @param all at least two; the first is the baseline
     */
    public static Comparison of(List<RunResults> all) {
        RunResults baseline = all.get(0);
        List<String> names = RunNames.of(all);
        List<Compared> compared = IntStream.range(1, all.size())
                .mapToObj(i -> compared(baseline, Head.of(names.get(i), all.get(i)), all.get(i)))
                .toList();
        return new Comparison(
                Head.of(names.get(0), baseline), compared, SetUp.differences(all), notes(all, names, compared));
    }

    private static Compared compared(RunResults baseline, Head head, RunResults run) {
        Map<LoadPoint, LevelResults> before = levels(baseline);
        Map<LoadPoint, LevelResults> after = levels(run);
        List<LevelChange> levels = after.values().stream()
                .filter(level -> before.containsKey(level.point()))
                .map(level -> LevelChange.of(before.get(level.point()), level))
                .toList();
        return new Compared(head, byShape(levels), missing(before, after), missing(after, before));
    }

    /** Levels of a shape together, whatever order they ended in. */
    private static List<LevelChange> byShape(List<LevelChange> levels) {
        List<Shape> shapes =
                levels.stream().map(level -> level.point().shape()).distinct().toList();
        return levels.stream()
                .sorted(Comparator.<LevelChange>comparingInt(
                                level -> shapes.indexOf(level.point().shape()))
                        .thenComparingInt(LevelChange::concurrency))
                .toList();
    }

    /** Descriptions of the levels of one run that the other lacks. */
    private static List<String> missing(Map<LoadPoint, LevelResults> one, Map<LoadPoint, LevelResults> other) {
        return one.keySet().stream()
                .filter(point -> !other.containsKey(point))
                .map(LoadPoint::description)
                .toList();
    }

    static Map<LoadPoint, LevelResults> levels(RunResults run) {
        Map<LoadPoint, LevelResults> levels = new LinkedHashMap<>();
        run.levels().forEach(level -> levels.put(level.point(), level));
        return levels;
    }

    /** The levels of all runs that are compared. */
    private static List<LevelResults> matched(List<RunResults> all) {
        Map<LoadPoint, LevelResults> before = levels(all.get(0));
        return all.stream()
                .skip(1)
                .flatMap(run -> run.levels().stream())
                .filter(after -> before.containsKey(after.point()))
                .flatMap(after -> Stream.of(before.get(after.point()), after))
                .toList();
    }

    private static List<String> notes(List<RunResults> all, List<String> names, List<Compared> compared) {
        List<String> notes = new ArrayList<>();
        long emulated = all.stream().filter(run -> run.info().emulated()).count();
        if (emulated == all.size()) {
            notes.add("All runs were made with the embedded NIM: not a measurement of NVIDIA's NIM.");
        } else if (emulated > 0) {
            notes.add("WARNING: this compares runs of the embedded NIM with runs of a real NIM.");
        }
        for (int i = 0; i < all.size(); i++) {
            String name = names.get(i);
            all.get(i).gap().ifPresent(gap -> notes.add(name + " is not complete: " + gap + "."));
            all.get(i).capacity().forEach(search -> notes.add(name + ": " + SearchWords.sentence(search)));
        }
        List<LevelResults> matched = matched(all);
        if (!matched.stream().allMatch(BetweenRuns::shownBy)) {
            notes.add(String.format(
                    Locale.ROOT,
                    "For levels with fewer than three repeats, a variation between runs of %.0f %% and %.2f ms is assumed"
                            + " (%.0f times that for p95 and p99); -Dnim.repeat=3 in both runs measures all but %.1f %%.",
                    100 * BetweenRuns.ASSUMED_VARIATION,
                    BetweenRuns.ASSUMED_VARIATION_MS,
                    BetweenRuns.ASSUMED_IN_THE_TAIL,
                    100 * BetweenRuns.ASSUMED_BETWEEN_STARTS));
        }
        if (matched.stream().anyMatch(BetweenRuns::shownBy)) {
            notes.add(String.format(
                    Locale.ROOT,
                    "For levels with three or more repeats, the numbers are the geometric means of the repeats, and a"
                            + " variation of %.1f %% between starts of the client, which repeats cannot show, is assumed.",
                    100 * BetweenRuns.ASSUMED_BETWEEN_STARTS));
        }
        if (compared.stream().anyMatch(run -> run.levels().size() >= MANY_LEVELS)) {
            notes.add("Each level is judged on its own at 95 % confidence: among many, one or two differ by chance.");
        }
        return notes;
    }
}
