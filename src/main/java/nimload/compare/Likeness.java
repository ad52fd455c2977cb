package nimload.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * Whether runs are alike enough for their times to be compared: the same kind of server, the same work. Versions, GPUs and
 * clients may differ, since that is what comparisons are made for.
 */
public final class Likeness {
    /** Texts of so much more or fewer tokens are other work. */
    private static final double TOKEN_TOLERANCE = 0.01;

    /** What is in force that changes the work of a request or the size of its answer. */
    private static final List<String> WORK = List.of("encodingFormat", "truncate");

    private Likeness() {}

    /**
     * @param runs the first is the baseline
     * @throws UserError if one of the others is unlike it
     */
    public static void require(List<RunResults> runs) {
        RunResults baseline = runs.get(0);
        for (RunResults run : runs.subList(1, runs.size())) {
            List<String> differences = differences(baseline, run);
            if (!differences.isEmpty()) {
                throw new UserError(baseline.run() + " and " + run.run() + " are not alike: "
                        + String.join("; ", differences) + "; to compare them all the same add --allow-different");
            }
        }
    }

    /** Why the two should not be compared, a phrase each; empty if they may. */
    public static List<String> differences(RunResults baseline, RunResults run) {
        List<String> differences = new ArrayList<>();
        kind(baseline, run.emulated()).ifPresent(differences::add);
        differences.addAll(work(baseline, run.effective()));
        Map<LevelKey, LevelResults> before = Comparison.levels(baseline);
        Map<LevelKey, LevelResults> after = Comparison.levels(run);
        noLevelInCommon(before.keySet(), after.keySet()).ifPresent(differences::add);
        after.forEach((key, level) -> Optional.ofNullable(before.get(key))
                .flatMap(old -> tokens(old, level))
                .ifPresent(differences::add));
        return differences;
    }

    /** What can be said before a run starts. */
    public static List<String> differences(
            RunResults baseline, Map<String, String> effective, Collection<LoadPoint> planned) {
        List<String> differences = new ArrayList<>(work(baseline, effective));
        Set<LevelKey> keys = Set.copyOf(planned.stream().map(LevelKey::of).toList());
        noLevelInCommon(Comparison.levels(baseline).keySet(), keys).ifPresent(differences::add);
        return differences;
    }

    /** Whether one was made with the embedded NIM and the other was not. */
    public static Optional<String> kind(RunResults baseline, boolean emulated) {
        return baseline.emulated() == emulated
                ? Optional.empty()
                : Optional.of("the baseline was made with " + server(baseline.emulated()) + ", the run with "
                        + server(emulated));
    }

    private static String server(boolean emulated) {
        return emulated ? "the embedded NIM" : "a real NIM";
    }

    private static List<String> work(RunResults baseline, Map<String, String> effective) {
        List<String> differences = new ArrayList<>();
        for (String name : WORK) {
            String before = baseline.effective().get(name);
            String after = effective.get(name);
            if (before != null && after != null && !before.equals(after)) {
                differences.add(name + " was " + before + " and is " + after);
            }
        }
        return differences;
    }

    private static Optional<String> noLevelInCommon(Set<LevelKey> before, Set<LevelKey> after) {
        return before.stream().anyMatch(after::contains)
                ? Optional.empty()
                : Optional.of(
                        "no level in common (workload, tokens, items a request and concurrency must be the same)");
    }

    private static Optional<String> tokens(LevelResults baseline, LevelResults run) {
        OptionalDouble before = baseline.measuredTokensPerItem();
        OptionalDouble after = run.measuredTokensPerItem();
        if (before.isEmpty()
                || after.isEmpty()
                || Math.abs(after.getAsDouble() - before.getAsDouble()) <= TOKEN_TOLERANCE * before.getAsDouble()) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%s: %.1f tokens an item and %.1f",
                run.name(),
                before.getAsDouble(),
                after.getAsDouble()));
    }
}
