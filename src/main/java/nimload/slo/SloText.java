package nimload.slo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.SloSummary;

/** What came of an SLO, for the console. */
public final class SloText {
    private SloText() {}

    /** {@code SLO met}, or what was not; empty for a level without limits. */
    public static Optional<String> line(LevelResults level) {
        if (level.slo().isEmpty()) {
            return Optional.empty();
        }
        // What is broken, or else what was met by a hair.
        List<SloCheck> told = level.slo().stream()
                .filter(check -> SloEvaluation.meets(level) ? !check.sure().orElse(true) : !check.met())
                .toList();
        String what = told.stream().map(SloCheck::text).collect(Collectors.joining("; "));
        return Optional.of(
                (SloEvaluation.meets(level) ? "SLO met" : "SLO not met") + (what.isEmpty() ? "" : ": " + what));
    }

    /** A line for each limit that a level did not keep to, without the level. */
    public static List<String> broken(LevelResults level) {
        return level.slo().stream()
                .filter(check -> !check.met())
                .map(check -> "SLO not met: " + check.text())
                .toList();
    }

    /** Lines for the end of a run; none without limits. */
    public static List<String> summary(RunResults run) {
        if (run.slo().isEmpty()) {
            return List.of();
        }
        SloSummary slo = run.slo().get();
        List<LevelResults> limited =
                run.levels().stream().filter(level -> !level.slo().isEmpty()).toList();
        long met = limited.stream().filter(SloEvaluation::meets).count();
        List<String> lines = new ArrayList<>();
        lines.add("SLO of " + slo.source() + ": met by " + met + " of " + limited.size() + " levels that have limits"
                + (run.complete() ? "" : " and ran"));
        limited.stream()
                .map(LevelResults::shape)
                .distinct()
                .forEach(shape -> lines.add("highest concurrency that meets the SLO: " + shape + ": "
                        + highest(shape, slo, limited, run.complete())));
        return lines;
    }

    private static String highest(String shape, SloSummary slo, List<LevelResults> limited, boolean complete) {
        Map<Integer, LevelResults> levels = limited.stream()
                .filter(level -> level.shape().equals(shape))
                .collect(Collectors.toMap(LevelResults::concurrency, level -> level));
        int highest = slo.highestConcurrency().get(shape);
        if (highest == 0) {
            return "none";
        }
        boolean last = levels.keySet().stream().noneMatch(concurrency -> concurrency > highest);
        LevelResults level = levels.get(highest);
        return highest
                + (last ? ", the highest that has limits" + (complete ? "" : " and ran") : "")
                + (level.valid() ? "" : " (not valid: " + String.join("; ", level.reasons()) + ")");
    }
}
