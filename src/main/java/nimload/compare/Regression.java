package nimload.compare;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * Levels that are worse than a limit allows, with confidence: the whole 95 % interval of p50 ÷ baseline lies above 1 + limit,
 * or that of requests a second below 1 − limit. So a level that is worse by about the limit passes, and a level whose
 * interval is wide does too; with {@code nim.repeat} from 3 on intervals are narrower.
 */
public final class Regression {
    /** Of a limit in per cent: more than anyone gives, fewer than a double has. */
    private static final int DECIMALS = 6;

    private Regression() {}

    /**
     * A line a level and number, and one a level that answered nothing any more.
     *
     * @param limit 0.05 = 5 %
     */
    public static List<String> beyond(double limit, Comparison comparison) {
        return comparison.runs().stream()
                .flatMap(run -> run.levels().stream())
                .flatMap(level -> beyond(limit, level))
                .toList();
    }

    private static Stream<String> beyond(double limit, LevelChange level) {
        if (level.verdict() == Verdict.NO_RIGHT_ANSWER) {
            return Stream.of(level.name() + ": " + level.verdict().words() + notValid("; ", level));
        }
        return level.metrics().stream()
                .filter(change -> change.metric() == Metric.P50 || change.metric() == Metric.REQUESTS_PER_SECOND)
                .filter(change -> change.worseByMoreThan(limit))
                .map(change -> line(level, change, limit));
    }

    private static String line(LevelChange level, MetricChange change, double limit) {
        boolean rate = change.metric().higherIsBetter();
        return String.format(
                Locale.ROOT,
                "%s: %s %.3f → %.3f%s, %.1f %% %s than the baseline (95 %%: at least %.1f %%; allowed %s %%)%s",
                level.name(),
                rate ? "requests/s" : "p50",
                change.baseline(),
                change.run(),
                rate ? "" : " ms",
                100 * Math.abs(change.ratio() - 1),
                rate ? "lower" : "higher",
                100
                        * (rate
                                ? 1 - change.interval().orElseThrow().high().orElseThrow()
                                : change.interval().orElseThrow().low().orElseThrow() - 1),
                percent(limit),
                notValid(", but not valid: ", level));
    }

    private static String notValid(String before, LevelChange level) {
        return level.notValid().isEmpty() ? "" : before + String.join("; ", level.notValid());
    }

    /** Whether a run can be worse than this with confidence at all: some level has an interval. */
    public static boolean canBeJudged(RunResults baseline) {
        return baseline.levels().stream()
                .map(LevelResults::intervals)
                .anyMatch(intervals -> intervals.containsKey(Metric.P50.key())
                        || intervals.containsKey(Metric.REQUESTS_PER_SECOND.key()));
    }

    /** 7 of 0.07, where 100 × 0.07 is 7.000000000000001, and 2.5 of 0.025. */
    private static String percent(double share) {
        return BigDecimal.valueOf(100 * share)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
