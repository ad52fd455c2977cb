package nimload.page;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.statistics.Interval;

/**
 * What a run says about one shape of requests. Only levels that may be quoted take part.
 *
 * <p>The best level has the lowest concurrency that reaches the highest rate: its 95 % interval touches that of the level
 * with the highest rate, or that rate is at most {@value #SAME_PERCENT} % higher.
 *
 * @param measured number of levels
 * @param quotable how many of them may be quoted
 * @param alone the level with the lowest concurrency, usually 1
 * @param best empty where no level may be quoted, or none has a rate
 * @param trend what the rate does at higher concurrency
 * @param moreUsers what users beyond {@code best} buy and cost, in a phrase
 * @param sentence all of this in one sentence
 */
public record Headline(
        Shape shape,
        int measured,
        int quotable,
        Optional<LevelResults> alone,
        Optional<LevelResults> best,
        Trend trend,
        String moreUsers,
        String sentence) {

    /** Rates that differ by no more are one rate to a user: the extra concurrency costs more than it buys. */
    static final int SAME_PERCENT = 2;

    /** What the rate does beyond the best level. */
    public enum Trend {
        /** The best level has the highest concurrency, and all lower ones have a lower rate. */
        RISING,
        /** No higher rate and no lower one. */
        FLAT,
        /** At least one higher concurrency has a lower rate. */
        FALLING,
        /** A higher rate was measured, but the intervals are too wide to tell it from the best level's. */
        UNCLEAR,
        /** Only one concurrency may be quoted. */
        SINGLE,
        /** Requests were sent at a given rate, so the rate is not the server's highest. */
        FIXED_RATE,
        /** No level may be quoted, or none has a rate. */
        UNKNOWN
    }

    /** One per shape, in the order of the run; none for the steps of a search. */
    public static List<Headline> of(RunResults run) {
        Map<Shape, List<LevelResults>> shapes = run.levels().stream()
                .filter(level -> run.search(level.point()).isEmpty())
                .collect(groupingBy(level -> level.point().shape(), LinkedHashMap::new, toList()));
        return shapes.values().stream().map(levels -> of(run.info(), levels)).toList();
    }

    /** One sentence per workload, in the order of the run: over all its shapes, if it has several. */
    public static Map<Workload, String> sentences(RunResults run) {
        Map<Workload, String> sentences = new LinkedHashMap<>();
        of(run).stream()
                .collect(groupingBy(headline -> headline.shape.workload(), LinkedHashMap::new, toList()))
                .forEach((workload, shapes) -> sentences.put(
                        workload,
                        shapes.size() == 1 ? shapes.get(0).sentence : WorkloadSentence.of(run.info(), shapes)));
        return sentences;
    }

    /** @param levels of one shape, at least one */
    static Headline of(RunInfo info, List<LevelResults> levels) {
        List<LevelResults> quotable = levels.stream()
                .filter(LevelResults::valid)
                .sorted(Comparator.comparingInt(LevelResults::concurrency))
                .toList();
        List<LevelResults> rated =
                quotable.stream().filter(level -> rate(level).isPresent()).toList();
        Optional<LevelResults> top = rated.stream().max(Comparator.comparingDouble(Headline::requestsPerSecond));
        Optional<LevelResults> best = top.flatMap(highest ->
                rated.stream().filter(level -> reaches(level, highest)).findFirst());
        Shape shape = levels.get(0).point().shape();
        Trend trend =
                best.map(level -> trend(shape, rated, level, top.orElseThrow())).orElse(Trend.UNKNOWN);
        HeadlineWords words = new HeadlineWords(info, levels, rated, best, trend);
        return new Headline(
                shape,
                levels.size(),
                quotable.size(),
                quotable.stream().findFirst(),
                best,
                trend,
                words.moreUsers(),
                words.sentence());
    }

    private static Trend trend(Shape shape, List<LevelResults> rated, LevelResults best, LevelResults top) {
        if (!shape.load().closed()) {
            return Trend.FIXED_RATE;
        }
        if (rated.stream().map(LevelResults::concurrency).distinct().count() == 1) {
            return Trend.SINGLE;
        }
        List<LevelResults> beyond = beyond(rated, best);
        if (beyond.isEmpty()) {
            return Trend.RISING;
        }
        if (!alike(requestsPerSecond(best), requestsPerSecond(top))) {
            return Trend.UNCLEAR;
        }
        return beyond.stream().allMatch(level -> reaches(level, best)) ? Trend.FLAT : Trend.FALLING;
    }

    /** The levels with more users than {@code best}. */
    static List<LevelResults> beyond(List<LevelResults> levels, LevelResults best) {
        return levels.stream()
                .filter(level -> level.concurrency() > best.concurrency())
                .toList();
    }

    /** Whether the level's rate is at least the other's, within the noise. */
    static boolean reaches(LevelResults level, LevelResults other) {
        double value = requestsPerSecond(level);
        double wanted = requestsPerSecond(other);
        return value >= wanted || !differ(rate(level).orElseThrow(), rate(other).orElseThrow());
    }

    /** Whether two numbers differ by more than the noise: intervals that do not touch, and more than 2 %. */
    static boolean differ(Estimate one, Estimate other) {
        return !alike(one.value(), other.value()) && !touch(one, other);
    }

    static boolean alike(double one, double other) {
        return 100 * Math.max(one, other) <= (100 + SAME_PERCENT) * Math.min(one, other);
    }

    /** A side that is not bounded reaches everywhere; without both intervals nothing touches. */
    static boolean touch(Estimate one, Estimate other) {
        return one.interval().isPresent()
                && other.interval().isPresent()
                && low(one.interval().get()) <= high(other.interval().get())
                && low(other.interval().get()) <= high(one.interval().get());
    }

    private static double low(Interval interval) {
        return interval.low().orElse(Double.NEGATIVE_INFINITY);
    }

    private static double high(Interval interval) {
        return interval.high().orElse(Double.POSITIVE_INFINITY);
    }

    static Optional<Estimate> rate(LevelResults level) {
        return level.throughput().requests();
    }

    static double requestsPerSecond(LevelResults level) {
        return rate(level).orElseThrow().value();
    }

    /** {@code 1,254 queries/s}; of requests where the number of items is not known. */
    public static String rateText(LevelResults level) {
        OptionalDouble items = level.throughput().itemsPerSecond();
        return items.isPresent()
                ? NumberText.of(items, 1) + " " + HeadlineWords.items(level.workload()) + "/s"
                : NumberText.of(level.throughput().requestsPerSecond(), 1) + " requests/s";
    }

    /** Of the response time. {@code 88.32 ms}, {@code ≥ 88.32 ms} where few requests do not bound it from above; {@code –} where not known. */
    public static String latencyText(LevelResults level, Percentile percentile) {
        return level.response()
                .estimate(percentile)
                .map(known -> (known.bounded() ? "" : "≥ ") + NumberText.of(known.value(), 3) + " ms")
                .orElse(NumberText.millis(OptionalDouble.empty()));
    }
}
