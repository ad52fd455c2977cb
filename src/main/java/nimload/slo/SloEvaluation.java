package nimload.slo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.SloSummary;

/** Checks a run against an SLO. */
public final class SloEvaluation {
    private SloEvaluation() {}

    /** The same run with the outcome of each limit; the run itself where the SLO has no limits. */
    public static RunResults evaluate(RunResults run, Slo slo) {
        if (slo.isEmpty()) {
            return run;
        }
        List<LevelResults> levels = run.levels().stream()
                .map(level -> level.withSlo(slo.limits(level.point()).stream()
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

    /** Whether the level meets all its limits. */
    static boolean meets(LevelResults level) {
        return level.slo().stream().allMatch(SloCheck::met);
    }

    /** By the shape's description. */
    private static Map<String, Integer> highestConcurrency(List<LevelResults> levels) {
        return levels.stream()
                .filter(level -> !level.slo().isEmpty() && level.point().load().closed())
                .collect(Collectors.groupingBy(
                        level -> level.point().shape().description(),
                        Collectors.collectingAndThen(Collectors.toList(), SloEvaluation::highest)));
    }

    /** Of the levels of one shape; 0 if the lowest concurrency already misses a limit. */
    private static int highest(List<LevelResults> levels) {
        return levels.stream()
                .sorted(Comparator.comparingInt(LevelResults::concurrency))
                .takeWhile(SloEvaluation::meets)
                .mapToInt(LevelResults::concurrency)
                .max()
                .orElse(0);
    }
}
