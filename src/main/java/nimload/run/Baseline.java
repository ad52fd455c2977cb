package nimload.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.compare.Comparison;
import nimload.compare.ComparisonFiles;
import nimload.compare.ComparisonTable;
import nimload.compare.Likeness;
import nimload.compare.Regression;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.results.ResultsFile;
import nimload.results.RunDirectory;
import nimload.results.RunResults;

/** The finished run that a run is compared with at its end: {@code nim.baseline}. */
final class Baseline {
    private static final String ALLOW =
            "; give another nim.baseline, or compare anyway with -Dnim.baseline.allowDifferent=true";

    private final Path path;
    private final RunResults results;
    private final boolean allowDifferent;
    private final OptionalDouble maxRegression;

    /**
     * @param table for the console
     * @param regressions by level, what is worse than allowed, one line each
     * @param problems what else fails the run, one line each
     */
    record Outcome(String table, Map<LoadPoint, List<String>> regressions, List<String> problems) {
        /** All that fails the run. */
        List<String> all() {
            return Stream.concat(regressions.values().stream().flatMap(List::stream), problems.stream())
                    .toList();
        }

        String text() {
            return table + all().stream().map(problem -> "✗ " + problem + "\n").collect(Collectors.joining());
        }
    }

    private Baseline(Path path, RunResults results, boolean allowDifferent, OptionalDouble maxRegression) {
        this.path = path;
        this.results = results;
        this.allowDifferent = allowDifferent;
        this.maxRegression = maxRegression;
    }

    /**
     * Reads it, and checks what can be checked before any NIM is asked.
     *
     * @param planned the levels that this run may have
     * @throws UserError if it cannot be read, or the runs would not be comparable
     */
    static Baseline read(Settings.Comparison settings, Map<String, String> effective, Collection<LoadPoint> planned) {
        RunResults results = ResultsFile.read(settings.baseline());
        if (settings.maxRegression().isPresent() && !Regression.canBeJudged(results)) {
            throw new UserError(
                    "nim.baseline=" + settings.baseline() + " has no intervals, so nothing can be worse with"
                            + " confidence; leave nim.maxRegression out, or give a run of nimload");
        }
        Baseline baseline =
                new Baseline(settings.baseline(), results, settings.allowDifferent(), settings.maxRegression());
        baseline.require(Likeness.differences(results, effective, planned));
        return baseline;
    }

    /** @throws UserError if only one of the two runs was made with the embedded NIM */
    void requireSameKind(boolean emulated) {
        require(Likeness.kind(results, emulated).stream().toList());
    }

    private void require(List<String> differences) {
        if (!allowDifferent && !differences.isEmpty()) {
            throw new UserError("the baseline " + results.info().id() + " is not comparable: "
                    + String.join("; ", differences) + ALLOW);
        }
    }

    /** Compares the run as far as it got, and writes the comparison into its directory. */
    Outcome compare(RunResults run, Optional<RunDirectory> directory) {
        List<String> differences = allowDifferent ? List.of() : Likeness.differences(results, run);
        if (!differences.isEmpty()) {
            return new Outcome(
                    "", Map.of(), List.of("not comparable with the baseline: " + String.join("; ", differences)));
        }
        Comparison comparison = Comparison.of(List.of(results, run));
        Map<LoadPoint, List<String>> regressions =
                maxRegression.isPresent() ? Regression.byLevel(maxRegression.getAsDouble(), comparison) : Map.of();
        List<String> problems = new ArrayList<>();
        directory.ifPresent(files -> {
            try {
                ComparisonFiles.write(comparison, List.of(results, run), List.of(path, files.path()), files.path());
            } catch (IOException e) {
                problems.add("the comparison cannot be written: " + e);
            }
        });
        return new Outcome(ComparisonTable.of(comparison), regressions, problems);
    }
}
