package nimload.slo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.SloSummary;

/** Holds a run against an SLO. */
public final class SloEvaluation {
    private SloEvaluation() {}

    /** The same run with the outcome of each limit; the run itself where the SLO has no limits. */
    public static RunResults evaluate(RunResults run, Slo slo) {
        if (slo.isEmpty()) {
            return run;
        }
        List<LevelResults> levels = run.levels().stream()
                .map(level -> level.withSlo(slo.limits(level).stream()
                        .map(limit -> limit.check(level))
                        .toList()))
                .toList();
        return run.withSlo(
                levels,
                new SloSummary(
                        slo.source(),
                        run.complete() && levels.stream().allMatch(SloEvaluation::meets),
                        highestConcurrency(levels)));
    }

    /** Whether no limit of the level is broken. */
    static boolean meets(LevelResults level) {
        return level.slo().stream().allMatch(SloCheck::met);
    }

    /** By shape, in the order of the levels. */
    private static Map<String, Integer> highestConcurrency(List<LevelResults> levels) {
        Map<String, List<LevelResults>> byShape = new LinkedHashMap<>();
        levels.stream()
                .filter(level -> !level.slo().isEmpty())
                .forEach(level -> byShape.computeIfAbsent(level.shape(), shape -> new ArrayList<>())
                        .add(level));
        Map<String, Integer> highest = new LinkedHashMap<>();
        byShape.forEach((shape, ofShape) -> highest.put(
                shape,
                ofShape.stream()
                        .sorted(Comparator.comparingInt(LevelResults::concurrency))
                        .takeWhile(SloEvaluation::meets)
                        .mapToInt(LevelResults::concurrency)
                        .max()
                        .orElse(0)));
        return highest;
    }
}
