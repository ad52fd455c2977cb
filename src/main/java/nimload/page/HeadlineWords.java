package nimload.page;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.results.Cell;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunInfo;
import nimload.results.TargetResults;

/**
 * A headline's words. They claim what the levels show and no more.
 *
 * @param levels all of the shape
 * @param rated those that may be quoted and have a rate, by concurrency
 */
record HeadlineWords(
        RunInfo info,
        List<LevelResults> levels,
        List<LevelResults> rated,
        Optional<LevelResults> best,
        Headline.Trend trend) {
    /** p95 is what users plan with; few requests do not bound it from above, but do bound the median. */
    private static final List<Percentile> LATENCIES = List.of(Percentile.P95, Percentile.P50);

    /** What a workload's rate counts. */
    static String items(Workload workload) {
        return switch (workload) {
            case QUERY -> "queries";
            case PASSAGE -> "passages";
            case RERANKING -> "pairs";
        };
    }

    String sentence() {
        return best.map(this::known).orElseGet(this::unknown);
    }

    private String unknown() {
        boolean anyQuotable = levels.stream().anyMatch(LevelResults::valid);
        String why = anyQuotable
                ? "no level that may be quoted has a rate"
                : levels.size() == 1
                        ? "its only level may not be quoted"
                        : "none of its " + levels.size() + " levels may be quoted";
        return "No rate can be given for " + shape().description() + ": " + why + ".";
    }

    private String known(LevelResults level) {
        String rate = subject(info, shape().workload()) + " " + Headline.rateText(level);
        if (trend == Headline.Trend.FIXED_RATE) {
            return rate + atLatency(level) + " when requests are sent at "
                    + shape().load().text() + "; the highest rate was not measured.";
        }
        String what = rate + " with " + users(level.concurrency()) + atLatency(level);
        return what + "; " + clause(level) + ".";
    }

    private String clause(LevelResults level) {
        return switch (trend) {
            case RISING -> "the rate still rises at " + mostUsers();
            case FLAT -> "more users, up to " + last().concurrency() + ", " + gain(level) + longerWait(level);
            case FALLING -> {
                LevelResults worst = worst(level);
                yield "with " + users(worst.concurrency()) + " the rate falls to " + Headline.rateText(worst) + " ("
                        + percent(Headline.requestsPerSecond(level), Headline.requestsPerSecond(worst)) + ")";
            }
            case UNCLEAR -> {
                LevelResults top = top();
                yield "whether more users buy rate is not shown: " + Headline.rateText(top) + " with "
                        + top.concurrency() + ", but the intervals overlap";
            }
            case SINGLE ->
                "no other concurrency " + (without(level).isEmpty() ? "was measured" : lacks(without(level)));
            case FIXED_RATE, UNKNOWN -> throw new IllegalStateException(trend + " has no such clause");
        };
    }

    /** {@code 15 users, the most measured}. */
    private String mostUsers() {
        List<LevelResults> more = Headline.beyond(levels, last());
        return users(last().concurrency()) + ", the most " + (more.isEmpty() ? "measured" : "that " + lacks(more));
    }

    /** What the levels that take no part are short of. */
    private static String lacks(List<LevelResults> others) {
        return others.stream().anyMatch(LevelResults::valid) ? "has a known rate" : "may be quoted";
    }

    private String gain(LevelResults level) {
        LevelResults top = top();
        double from = Headline.requestsPerSecond(level);
        double to = Headline.requestsPerSecond(top);
        if (to <= from) {
            return "gain no rate";
        }
        boolean noise = Headline.touch(
                Headline.rate(level).orElseThrow(), Headline.rate(top).orElseThrow());
        return noise ? "gain no rate beyond the noise" : "gain at most " + size(from, to) + " in rate";
    }

    private String longerWait(LevelResults level) {
        return waits(level, last())
                .filter(wait -> wait.to().value() > wait.from().value() && Headline.differ(wait.from(), wait.to()))
                .map(wait -> " and wait longer (" + wait.percentile().key() + " "
                        + Headline.latencyText(last(), wait.percentile()) + ")")
                .orElse("");
    }

    /** A percentile at two levels. */
    private record Wait(Percentile percentile, Estimate from, Estimate to) {}

    /** p95, or p50 where there are too few requests for it. */
    private static Optional<Wait> waits(LevelResults from, LevelResults to) {
        return LATENCIES.stream()
                .filter(percentile -> bounded(from, percentile) && bounded(to, percentile))
                .map(percentile -> new Wait(
                        percentile,
                        from.response().estimate(percentile).orElseThrow(),
                        to.response().estimate(percentile).orElseThrow()))
                .findFirst();
    }

    private static boolean bounded(LevelResults level, Percentile percentile) {
        return level.response().estimate(percentile).filter(Estimate::bounded).isPresent();
    }

    /** The percentile that a sentence gives for all of these levels; empty where none is known well enough. */
    static Optional<Percentile> percentile(List<LevelResults> levels) {
        return LATENCIES.stream()
                .filter(percentile -> levels.stream().allMatch(level -> bounded(level, percentile)))
                .findFirst();
    }

    /** What users beyond the best level buy and cost, for a cell of a table. */
    String moreUsers() {
        return switch (trend) {
            case RISING -> {
                LevelResults before = rated.stream()
                        .filter(level -> level.concurrency() < last().concurrency())
                        .reduce((lower, higher) -> higher)
                        .orElseThrow();
                yield "still rising; " + before.concurrency() + " → " + last().concurrency() + " users: "
                        + change(before, last());
            }
            case FLAT -> users(last().concurrency()) + ": " + change(best.orElseThrow(), last());
            case FALLING -> {
                LevelResults worst = worst(best.orElseThrow());
                yield users(worst.concurrency()) + ": " + change(best.orElseThrow(), worst);
            }
            case UNCLEAR -> "not shown: intervals overlap up to " + users(top().concurrency());
            case SINGLE -> without(best.orElseThrow()).isEmpty() ? "not measured" : "not quotable";
            case FIXED_RATE -> "sent at a given rate";
            case UNKNOWN -> Cell.UNKNOWN;
        };
    }

    private static String change(LevelResults from, LevelResults to) {
        String rate = "rate "
                + change(Headline.rate(from).orElseThrow(), Headline.rate(to).orElseThrow());
        return waits(from, to)
                .map(wait -> rate + ", " + wait.percentile().key() + " " + change(wait.from(), wait.to()))
                .orElse(rate + ", latency unknown");
    }

    private static String change(Estimate from, Estimate to) {
        if (Headline.differ(from, to)) {
            return percent(from.value(), to.value());
        }
        return Headline.alike(from.value(), to.value()) ? "the same" : "no change shown";
    }

    /** {@code +67 %}, {@code −0.4 %}, {@code × 5.0}. */
    private static String percent(double from, double to) {
        if (to >= 2 * from) {
            return String.format(Locale.ROOT, "× %,.1f", to / from);
        }
        return (to < from ? "−" : "+") + size(from, to);
    }

    /** By how much two numbers differ: {@code 67 %}, {@code 0.4 %}. */
    static String size(double from, double to) {
        double percent = 100 * Math.abs(to / from - 1);
        return String.format(Locale.ROOT, percent < 9.95 ? "%.1f %%" : "%,.0f %%", percent);
    }

    private Shape shape() {
        return levels.get(0).point().shape();
    }

    private List<LevelResults> without(LevelResults level) {
        return levels.stream()
                .filter(other -> other.concurrency() != level.concurrency())
                .toList();
    }

    private LevelResults last() {
        return rated.get(rated.size() - 1);
    }

    private LevelResults top() {
        return rated.stream()
                .max(Comparator.comparingDouble(Headline::requestsPerSecond))
                .orElseThrow();
    }

    private LevelResults worst(LevelResults level) {
        return Headline.beyond(rated, level).stream()
                .min(Comparator.comparingDouble(Headline::requestsPerSecond))
                .orElseThrow();
    }

    private static String atLatency(LevelResults level) {
        return percentile(List.of(level))
                .map(percentile -> " at " + (level.throughput().arrivals().isPresent() ? "response " : "")
                        + percentile.key() + " " + Headline.latencyText(level, percentile))
                .orElse("");
    }

    static String users(int count) {
        return count + (count == 1 ? " user" : " users");
    }

    /** Who does what: {@code This NIM embeds}, {@code 3 replicas of this NIM embed}. */
    static String subject(RunInfo info, Workload workload) {
        Optional<TargetResults> target =
                Optional.ofNullable(info.targets().get(workload.nim().key()));
        boolean emulated = target.map(TargetResults::emulated).orElse(info.emulated());
        int replicas = target.map(known -> known.replicas().size()).orElse(0);
        String nim = emulated ? "the embedded NIM (not NVIDIA's)" : "this NIM";
        String verb = workload == Workload.RERANKING ? "score" : "embed";
        String text = (info.imported() ? "by the numbers of " + info.tool() + ", " : "")
                + (replicas > 1 ? replicas + " replicas of " + nim + " " + verb : nim + " " + verb + "s");
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
