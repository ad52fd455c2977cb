package nimload.compare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * Runs compared with the first of them.
 *
 * @param baseline the first
 * @param runs the others, each against the baseline
 * @param differences of the set-up, over all runs
 * @param notes what a reader must know, a sentence each
 */
public record Comparison(Head baseline, List<Compared> runs, List<Difference> differences, List<String> notes) {
    /** From so many levels on, one in twenty that differs by chance is to be expected in the table. */
    private static final int MANY_LEVELS = 10;

    /** Which run it is. */
    public record Head(String run, Instant started, String tool, boolean emulated) {
        static Head of(RunResults run) {
            return new Head(run.run(), run.started(), run.tool(), run.emulated());
        }
    }

    /**
     * A run against the baseline.
     *
     * @param levels that both have
     * @param onlyInBaseline names of levels
     * @param onlyInRun likewise
     */
    public record Compared(Head run, List<LevelChange> levels, List<String> onlyInBaseline, List<String> onlyInRun) {}

    /**
     * @param what {@code embedding.release}, {@code client.java} …
     * @param values of each run, in the order of the runs; empty where a run does not say
     */
    public record Difference(String what, List<Optional<String>> values) {}

    /**
     * Of runs whatever they are; {@link Likeness} says whether they may be compared.
     *
     * @param all at least two; the first is the baseline
     */
    public static Comparison of(List<RunResults> all) {
        RunResults baseline = all.get(0);
        List<Compared> compared =
                all.stream().skip(1).map(run -> compared(baseline, run)).toList();
        return new Comparison(Head.of(baseline), compared, SetUp.differences(all), notes(all, compared));
    }

    private static Compared compared(RunResults baseline, RunResults run) {
        Map<LevelKey, LevelResults> before = levels(baseline);
        Map<LevelKey, LevelResults> after = levels(run);
        List<LevelChange> levels = new ArrayList<>();
        List<String> onlyInRun = new ArrayList<>();
        after.forEach((key, level) -> {
            if (before.containsKey(key)) {
                levels.add(LevelChange.of(before.get(key), level));
            } else {
                onlyInRun.add(name(level));
            }
        });
        // Levels of a shape together, in whatever order they ended.
        List<String> shapes = levels.stream().map(LevelChange::shape).distinct().toList();
        levels.sort(Comparator.<LevelChange>comparingInt(level -> shapes.indexOf(level.shape()))
                .thenComparingInt(LevelChange::concurrency));
        List<String> onlyInBaseline = before.entrySet().stream()
                .filter(entry -> !after.containsKey(entry.getKey()))
                .map(entry -> name(entry.getValue()))
                .toList();
        return new Compared(Head.of(run), levels, onlyInBaseline, onlyInRun);
    }

    static Map<LevelKey, LevelResults> levels(RunResults run) {
        Map<LevelKey, LevelResults> levels = new LinkedHashMap<>();
        run.levels().forEach(level -> levels.put(LevelKey.of(level), level));
        return levels;
    }

    private static String name(LevelResults level) {
        return level.shape() + ", concurrency " + level.concurrency();
    }

    /** The levels of all runs that are compared. */
    private static List<LevelResults> matched(List<RunResults> all) {
        Map<LevelKey, LevelResults> before = levels(all.get(0));
        return all.stream()
                .skip(1)
                .flatMap(run -> levels(run).entrySet().stream())
                .filter(after -> before.containsKey(after.getKey()))
                .flatMap(after -> Stream.of(before.get(after.getKey()), after.getValue()))
                .toList();
    }

    private static List<String> notes(List<RunResults> all, List<Compared> compared) {
        List<String> notes = new ArrayList<>();
        long emulated = all.stream().filter(RunResults::emulated).count();
        if (emulated == all.size()) {
            notes.add("All runs were made with the embedded NIM: no result of NVIDIA's NIM.");
        } else if (emulated > 0) {
            notes.add("WARNING: runs with the embedded NIM and runs with real ones are compared, as asked for.");
        }
        all.forEach(run -> run.gap().ifPresent(gap -> notes.add(run.run() + " is not complete: " + gap + ".")));
        List<LevelResults> matched = matched(all);
        if (!matched.stream().allMatch(BetweenRuns::shownBy)) {
            notes.add(String.format(
                    Locale.ROOT,
                    "Where a level ran fewer than three times, a variation from run to run of %.0f %% and %.2f ms is assumed"
                            + " (p95 and p99: %.0f times both); -Dnim.repeat=3 in both runs measures it, all but %.1f %%.",
                    100 * BetweenRuns.ASSUMED_VARIATION,
                    BetweenRuns.ASSUMED_VARIATION_MS,
                    BetweenRuns.ASSUMED_IN_THE_TAIL,
                    100 * BetweenRuns.ASSUMED_BETWEEN_STARTS));
        }
        if (matched.stream().anyMatch(BetweenRuns::shownBy)) {
            notes.add(String.format(
                    Locale.ROOT,
                    "Where a level ran three times or more, its numbers here are the geometric means of its repeats, and a"
                            + " variation of %.1f %% between two starts of the client, which repeats cannot show, is assumed.",
                    100 * BetweenRuns.ASSUMED_BETWEEN_STARTS));
        }
        if (compared.stream().anyMatch(run -> run.levels().size() >= MANY_LEVELS)) {
            notes.add("Each level is judged by itself with 95 % confidence: of many, one or two differ by chance.");
        }
        return notes;
    }
}
