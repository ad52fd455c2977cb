package nimload.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which a reader wants compared levels: those that no longer answer, the slower ones, those whose p50 and rate
 * disagree, those without a difference, the faster ones; of the slower and of the faster ones the worse first. All else keeps the order
 * of the plan.
 */
final class WorstFirst {
    private static final List<Verdict> ORDER = List.of(
            Verdict.NO_RIGHT_ANSWER,
            Verdict.SLOWER,
            Verdict.MIXED,
            Verdict.NO_DIFFERENCE,
            Verdict.TOO_FEW_SAMPLES,
            Verdict.NOT_JUDGED,
            Verdict.FASTER);

    private static final Comparator<LevelChange> WORST_FIRST = Comparator.<LevelChange>comparingInt(
                    level -> ORDER.indexOf(level.verdict()))
            .thenComparing(Comparator.comparingDouble(WorstFirst::loss).reversed());

    private WorstFirst() {}

    /**
     * Levels of one workload and shape.
     *
     * @param levels at least one
     */
    record Group(String shape, List<LevelChange> levels) {}

    /** The shape with the worst level first, and in it its worst level. */
    static List<Group> groups(List<LevelChange> levels) {
        Map<String, List<LevelChange>> byShape = new LinkedHashMap<>();
        levels.stream()
                .sorted(WORST_FIRST)
                .forEach(level -> byShape.computeIfAbsent(level.shape(), shape -> new ArrayList<>())
                        .add(level));
        return byShape.entrySet().stream()
                .map(entry -> new Group(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    /** By how much the worse of p50 and rate got worse, on the logarithm; 0 where that is not more than noise. */
    private static double loss(LevelChange level) {
        return level.metrics().stream()
                .filter(change -> change.metric().decides() && change.verdict() == level.verdict())
                .filter(change -> change.verdict().shown())
                .mapToDouble(change -> (change.metric().higherIsBetter() ? -1 : 1) * Math.log(change.ratio()))
                .max()
                .orElse(0);
    }
}
