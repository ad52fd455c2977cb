package nimload.compare;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.results.RunResults;

/**
 * Levels that are worse than a limit allows, with confidence: the whole 95 % interval of p50 ÷ baseline lies above 1 + limit,
 * or that of requests per second below 1 − limit. So a level that is worse by about the limit passes, and so does one with a
 * wide interval. {@code nim.repeat=3} or more makes intervals narrower.
 */
public final class Regression {
    /** For a limit in per cent: more than anyone writes, fewer than a double has. */
    private static final int DECIMALS = 6;

    private Regression() {}

    /**
     * One line per level and number that is worse, and one per level that no longer gets a right answer.
     *
     * @param limit 0.05 = 5 %
     */
    public static List<String> beyond(double limit, Comparison comparison) {
        return byLevel(limit, comparison).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** The same lines by level, of levels that have any. */
    public static Map<LoadPoint, List<String>> byLevel(double limit, Comparison comparison) {
        Map<LoadPoint, List<String>> lines = new LinkedHashMap<>();
        comparison.runs().stream()
                .flatMap(run -> run.levels().stream())
                .forEach(level -> beyond(limit, level)
                        .forEach(line -> lines.computeIfAbsent(level.point(), point -> new ArrayList<>())
                                .add(line)));
        return lines;
    }

    private static Stream<String> beyond(double limit, LevelChange level) {
        if (level.verdict() == Verdict.NO_RIGHT_ANSWER) {
            return Stream.of(
                    level.point().description() + ": " + level.verdict().words() + notValid("; ", level));
        }
        return level.metrics().stream()
                .filter(change -> change.metric().decides())
                .filter(change -> change.worseByAtLeast().orElse(Double.NEGATIVE_INFINITY) > limit)
                .map(change -> line(level, change, limit));
    }

    private static String line(LevelChange level, MetricChange change, double limit) {
        boolean rate = change.metric().higherIsBetter();
        return String.format(
                Locale.ROOT,
                "%s: %s %.3f → %.3f%s, %.1f %% %s than the baseline (95 %%: at least %.1f %%; allowed %s %%)%s",
                level.point().description(),
                rate ? "requests/s" : "p50",
                change.baseline(),
                change.run(),
                rate ? "" : " ms",
                100 * Math.abs(change.ratio() - 1),
                rate ? "lower" : "higher",
                100 * change.worseByAtLeast().orElseThrow(),
                percent(limit),
                notValid(", but not valid: ", level));
    }

    private static String notValid(String before, LevelChange level) {
        return level.notValid().isEmpty() ? "" : before + String.join("; ", level.notValid());
    }

    /** Whether any run can be worse than this with confidence: at least one level has an interval. */
    public static boolean canBeJudged(RunResults baseline) {
        return baseline.levels().stream()
                .flatMap(level -> Arrays.stream(Metric.values())
                        .filter(Metric::decides)
                        .flatMap(metric -> metric.of(level).stream()))
                .anyMatch(measured -> measured.interval().isPresent());
    }

    /** 7 for 0.07, where 100 × 0.07 is 7.000000000000001, and 2.5 for 0.025. */
    private static String percent(double share) {
        return BigDecimal.valueOf(100 * share)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
