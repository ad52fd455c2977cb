package nimload.slo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import nimload.plan.Shape;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.SloSummary;
import nimload.results.Validity;

/** The outcome of an SLO, for the console. */
public final class SloText {
    private SloText() {}

    /** {@code SLO met}, or what was missed; empty for a level without limits. */
    public static Optional<String> line(LevelResults level) {
        if (level.slo().isEmpty()) {
            return Optional.empty();
        }
        boolean met = SloEvaluation.meets(level);
        // The limits that were missed, or else the ones that were barely met.
        String notable = level.slo().stream()
                .filter(check -> met ? !check.sure().orElse(true) : !check.met())
                .map(SloCheck::text)
                .collect(Collectors.joining("; "));
        return Optional.of((met ? "SLO met" : "SLO not met") + (notable.isEmpty() ? "" : ": " + notable));
    }

    /** Without the level's name; empty for a limit that was met. */
    public static Optional<String> broken(SloCheck check) {
        return check.met() ? Optional.empty() : Optional.of("SLO not met: " + check.text());
    }

    /** Lines for the end of a run; empty without an SLO. */
    public static List<String> summary(RunResults run) {
        if (run.slo().isEmpty()) {
            return List.of();
        }
        SloSummary slo = run.slo().get();
        List<LevelResults> limited =
                run.levels().stream().filter(level -> !level.slo().isEmpty()).toList();
        long met = limited.stream().filter(SloEvaluation::meets).count();
        String andRan = run.complete() ? "" : " and ran";
        List<String> lines = new ArrayList<>();
        lines.add("SLO of " + slo.source() + ": met by " + met + " of " + limited.size() + " levels that have limits"
                + andRan);
        limited.stream()
                .map(level -> level.point().shape())
                .distinct()
                .forEach(shape -> lines.add("highest concurrency that meets the SLO: " + shape.description() + ": "
                        + highest(shape, slo, limited, andRan)));
        return lines;
    }

    /** @param andRan qualifies "highest" when not every planned level ran */
    private static String highest(Shape shape, SloSummary slo, List<LevelResults> limited, String andRan) {
        int highest = slo.highestConcurrency().get(shape.description());
        if (highest == 0) {
            return "none";
        }
        List<LevelResults> levels = limited.stream()
                .filter(level -> level.point().shape().equals(shape))
                .toList();
        boolean last = levels.stream().noneMatch(level -> level.concurrency() > highest);
        Validity validity = levels.stream()
                .filter(level -> level.concurrency() == highest)
                .findFirst()
                .orElseThrow()
                .validity();
        return highest
                + (last ? ", the highest that has limits" + andRan : "")
                + (validity.valid() ? "" : " (not valid: " + String.join("; ", validity.reasons()) + ")");
    }
}
