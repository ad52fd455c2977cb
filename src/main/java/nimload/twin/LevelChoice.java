package nimload.twin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nimload.nim.NimKind;

/** Which levels a twin is fitted to: those that lie furthest apart, so that the others lie between them. */
final class LevelChoice {
    /** A level whose p50 is sure tells more than one this little further away whose p50 is not. */
    private static final double NEARLY = 0.9;

    private LevelChoice() {}

    /**
     * The lightest level of each kind of NIM and the one furthest from it, then again and again the level that is furthest
     * from all that were chosen; where another one is nearly as far and only its p50 is sure, that one.
     *
     * @param count at least 2 for each kind; fewer levels if there are not as many
     */
    static List<RunLevel> of(List<RunLevel> levels, int count) {
        Map<NimKind, List<RunLevel>> byKind = levels.stream()
                .collect(
                        Collectors.groupingBy(RunLevel::kind, () -> new EnumMap<>(NimKind.class), Collectors.toList()));
        List<RunLevel> chosen = new ArrayList<>();
        byKind.values().forEach(all -> {
            chosen.add(all.stream()
                    .min(Comparator.comparingLong(level -> level.tokensPerRequest() * level.concurrency()))
                    .orElseThrow());
            chosen.add(furthest(all, chosen));
        });
        while (chosen.size() < Math.min(count, levels.size())) {
            chosen.add(furthest(levels, chosen));
        }
        return chosen;
    }

    private static RunLevel furthest(List<RunLevel> levels, List<RunLevel> chosen) {
        List<RunLevel> left =
                levels.stream().filter(level -> !chosen.contains(level)).toList();
        double furthest = left.stream()
                .mapToDouble(level -> distance(level, chosen))
                .max()
                .orElseThrow();
        return left.stream()
                .filter(level -> distance(level, chosen) >= NEARLY * furthest)
                .max(Comparator.comparing(RunLevel::p50Sure).thenComparing(level -> distance(level, chosen)))
                .orElseThrow();
    }

    /** From the nearest of those that were chosen. */
    private static double distance(RunLevel level, List<RunLevel> chosen) {
        return chosen.stream()
                .filter(other -> other.kind() == level.kind())
                .mapToDouble(other -> distance(level, other))
                .min()
                .orElseThrow();
    }

    /**
     * Factors between their lengths of text, items and concurrencies, as the sum of logarithms. Lengths count more: each has
     * its own times, and what lies between two lengths is guessed.
     */
    private static double distance(RunLevel a, RunLevel b) {
        return 3 * factor(a.tokensPerItem(), b.tokensPerItem())
                + factor(a.items(), b.items())
                + factor(a.concurrency(), b.concurrency());
    }

    private static double factor(double a, double b) {
        return Math.abs(Math.log(a / b));
    }
}
