package nimload.exports;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nimload.plan.LoadPoint;
import nimload.results.RunResults;
import nimload.results.SoakFindings;

/**
 * What fails a run and is not in its results.json, because it is known only at the run's end and depends on other files.
 *
 * @param regressions by level, what is worse than the baseline allows, a line each
 * @param comparison with the baseline, plain text; empty without one
 * @param problems of the run as a whole, a line each
 */
public record RunVerdict(Map<LoadPoint, List<String>> regressions, Optional<String> comparison, List<String> problems) {
    /** Of a run that is read from its file. */
    public static final RunVerdict NONE = new RunVerdict(Map.of(), Optional.empty(), List.of());

    public RunVerdict {
        regressions = Map.copyOf(regressions);
        problems = List.copyOf(problems);
    }

    /** Those and the ones that a soak's results.json shows, each once. */
    List<String> problems(RunResults run) {
        Set<String> all = new LinkedHashSet<>(problems);
        run.soak().ifPresent(soak -> all.addAll(SoakFindings.of(soak).problems(soak)));
        return List.copyOf(all);
    }
}
