package nimload.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import nimload.UserError;
import nimload.compare.RunsFound.Found;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * Whether runs are alike enough to compare their times: the same kind of server, the same work. Versions, GPUs and clients
 * may differ, since that is what comparisons are for.
 */
public final class Likeness {
    /** Texts whose token counts differ by a larger share are different work. */
    private static final double TOKEN_TOLERANCE = 0.01;

    /** What changes the work of a request or the size of its answer. */
    private static final List<String> WORK = List.of("encodingFormat", "truncate");

    /** Likewise, each with what it was before there was a setting for it. */
    private static final Map<String, String> WORK_SINCE = new TreeMap<>(Map.of(
            "embedding.protocol", "nim",
            "embedding.embeddingType", "float",
            "embedding.dimensions", "the model's own",
            "embedding.extra", "none",
            "reranking.protocol", "nim",
            "reranking.extra", "none"));

    private Likeness() {}

    /**
     * @param runs the first is the baseline
     * @throws UserError if another run is not comparable with it
     */
    public static void require(List<RunResults> runs) {
        RunResults baseline = runs.get(0);
        for (RunResults run : runs.subList(1, runs.size())) {
            List<String> differences = differences(baseline, run);
            if (!differences.isEmpty()) {
                throw new UserError(baseline.info().id() + " and " + run.info().id() + " are not comparable: "
                        + String.join("; ", differences) + "; to compare them anyway, add --allow-different");
            }
        }
    }

    /** Why the two should not be compared, one phrase each; empty if they may. */
    public static List<String> differences(RunResults baseline, RunResults run) {
        List<String> differences = new ArrayList<>();
        kind(baseline, run.info().emulated()).ifPresent(differences::add);
        differences.addAll(work(baseline, run.info().effective()));
        Map<LoadPoint, LevelResults> before = Comparison.levels(baseline);
        Map<LoadPoint, LevelResults> after = Comparison.levels(run);
        noLevelInCommon(before.keySet(), after.keySet()).ifPresent(differences::add);
        after.forEach((point, level) -> Optional.ofNullable(before.get(point))
                .flatMap(old -> tokens(old, level))
                .ifPresent(differences::add));
        return differences;
    }

    /**
     * Runs that may be shown as one history: each is with the first group whose first run it is alike, and that had the same
     * models.
     */
    static List<List<Found>> groups(List<Found> runs) {
        List<List<Found>> groups = new ArrayList<>();
        for (Found found : runs) {
            groups.stream()
                    .filter(group -> apart(group.get(0).run(), found.run()).isEmpty())
                    .findFirst()
                    .orElseGet(() -> {
                        groups.add(new ArrayList<>());
                        return groups.get(groups.size() - 1);
                    })
                    .add(found);
        }
        return groups;
    }

    /** Why a run does not belong into a history with another, one phrase each; empty if it does. */
    static List<String> apart(RunResults first, RunResults run) {
        List<String> apart = differences(first, run);
        new TreeMap<>(first.info().targets())
                .forEach((kind, target) -> Optional.ofNullable(
                                run.info().targets().get(kind))
                        .filter(other -> !other.model().equals(target.model()))
                        .ifPresent(other ->
                                apart.add(kind + ".model was " + target.model() + " and is " + other.model())));
        return apart;
    }

    /** The reasons that are known before a run starts. */
    public static List<String> differences(
            RunResults baseline, Map<String, String> effective, Collection<LoadPoint> planned) {
        List<String> differences = new ArrayList<>(work(baseline, effective));
        noLevelInCommon(Comparison.levels(baseline).keySet(), planned).ifPresent(differences::add);
        return differences;
    }

    /** The reason if only one of the two was made with the embedded NIM; else empty. */
    public static Optional<String> kind(RunResults baseline, boolean emulated) {
        boolean before = baseline.info().emulated();
        return before == emulated
                ? Optional.empty()
                : Optional.of("the baseline was made with " + server(before) + ", the run with " + server(emulated));
    }

    private static String server(boolean emulated) {
        return emulated ? "the embedded NIM" : "a real NIM";
    }

    private static List<String> work(RunResults baseline, Map<String, String> effective) {
        List<String> differences = new ArrayList<>();
        for (String name : WORK) {
            String before = baseline.info().effective().get(name);
            String after = effective.get(name);
            if (before != null && after != null && !before.equals(after)) {
                differences.add(name + " was " + before + " and is " + after);
            }
        }
        if (!baseline.info().imported()) {
            WORK_SINCE.forEach((name, otherwise) -> {
                String before = baseline.info().effective().getOrDefault(name, otherwise);
                String after = effective.getOrDefault(name, otherwise);
                if (!before.equals(after)) {
                    differences.add(name + " was " + before + " and is " + after);
                }
            });
        }
        return differences;
    }

    private static Optional<String> noLevelInCommon(Set<LoadPoint> before, Collection<LoadPoint> after) {
        return after.stream().anyMatch(before::contains)
                ? Optional.empty()
                : Optional.of(
                        "no level in common (workload, tokens, items per request, concurrency and rate must be the same)");
    }

    private static Optional<String> tokens(LevelResults baseline, LevelResults run) {
        OptionalDouble before = baseline.tokens().measuredPerItem();
        OptionalDouble after = run.tokens().measuredPerItem();
        if (before.isEmpty()
                || after.isEmpty()
                || Math.abs(after.getAsDouble() - before.getAsDouble()) <= TOKEN_TOLERANCE * before.getAsDouble()) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%s had %.1f tokens per item and has %.1f",
                run.name(),
                before.getAsDouble(),
                after.getAsDouble()));
    }
}
