package nimload.slo;

import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.Arrivals;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Requests;
import nimload.results.SloCheck;
import nimload.results.Throughput;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/** What a level must meet. A value that equals the limit meets it. */
public sealed interface Limit {
    /** Why a value is not known. */
    String NO_ANSWER = "no request was answered";

    /** Why a value is not known. */
    String NOT_RECORDED = "not in the results";

    /** Checks a finished level. */
    SloCheck check(LevelResults level);

    /** {@code p95 ≤ 300 ms} or {@code goodput within 300 ms ≥ 99 %}; no two limits have the same. */
    String text();

    /** Whether failed requests count against the level. */
    default boolean countsFailures() {
        return false;
    }

    /**
     * A percentile of latency; successful requests only.
     *
     * @param maxMs above 0, to three decimals
     */
    record LatencyPercentile(Percentile percentile, double maxMs) implements Limit {
        @Override
        public String text() {
            return percentile.key() + " ≤ " + SloCheck.text(maxMs, SloCheck.MILLIS);
        }

        @Override
        public SloCheck check(LevelResults level) {
            Optional<Estimate> measured = level.response().estimate(percentile);
            long needed = percentile.samplesNeeded();
            long successes = level.requests().successes();
            String missing = successes < needed
                    ? "too few samples for " + percentile.key() + ": " + successes + " of " + needed
                    : NOT_RECORDED;
            return estimated(percentile.key(), SloCheck.AT_MOST, maxMs, SloCheck.MILLIS, measured, missing);
        }
    }

    /**
     * Failed requests ÷ all requests.
     *
     * @param max 0 to 1
     */
    record ErrorShare(double max) implements Limit {
        @Override
        public String text() {
            return "errorShare ≤ " + SloCheck.text(max, SloCheck.SHARE);
        }

        @Override
        public SloCheck check(LevelResults level) {
            Requests requests = level.requests();
            return SloCheck.of(
                    "errorShare",
                    OptionalDouble.empty(),
                    SloCheck.AT_MOST,
                    max,
                    requests.count() == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of((double) requests.errors() / requests.count()),
                    SloCheck.SHARE,
                    Optional.empty(),
                    Optional.of(requests.errors() + " of " + requests.count() + " requests failed"));
        }

        @Override
        public boolean countsFailures() {
            return true;
        }
    }

    /**
     * Successful requests per second.
     *
     * @param min above 0
     */
    record RequestsPerSecond(double min) implements Limit {
        @Override
        public String text() {
            return Throughput.REQUESTS + " ≥ " + SloCheck.text(min, SloCheck.PER_SECOND);
        }

        @Override
        public SloCheck check(LevelResults level) {
            return minimumRate(Throughput.REQUESTS, min, level.throughput().requests());
        }
    }

    /**
     * Texts or pairs of successful requests per second.
     *
     * @param min above 0
     */
    record ItemsPerSecond(double min) implements Limit {
        @Override
        public String text() {
            return "itemsPerSecond ≥ " + SloCheck.text(min, SloCheck.PER_SECOND);
        }

        @Override
        public SloCheck check(LevelResults level) {
            Throughput throughput = level.throughput();
            int items = level.point().items();
            // Where requests differ in their items, the interval of requests/s says less than that of items/s would.
            Optional<Interval> interval = throughput
                    .requests()
                    .flatMap(Estimate::interval)
                    .filter(rate -> items > 0)
                    .map(requests -> new Interval(times(requests.low(), items), times(requests.high(), items)));
            return minimumRate("itemsPerSecond", min, Estimate.of(throughput.itemsPerSecond(), interval));
        }

        private static OptionalDouble times(OptionalDouble rate, int items) {
            return rate.isPresent() ? OptionalDouble.of(rate.getAsDouble() * items) : rate;
        }
    }

    /**
     * Requests that succeeded within a latency: as a share of all requests, failed ones included, or per second from the
     * level's first send to its last answer.
     *
     * @param withinMs above 0, to three decimals
     * @param min above 0; a share is at most 1
     * @param unit {@link SloCheck#SHARE} or {@link SloCheck#PER_SECOND}
     */
    record Goodput(double withinMs, double min, String unit) implements Limit {
        @Override
        public String text() {
            return "goodput within " + SloCheck.text(withinMs, SloCheck.MILLIS) + " ≥ " + SloCheck.text(min, unit);
        }

        @Override
        public SloCheck check(LevelResults level) {
            Optional<Long> good = goodRequests(level, withinMs);
            long requests = level.requests().count();
            OptionalDouble whole = unit.equals(SloCheck.SHARE)
                    ? OptionalDouble.of(requests)
                    : level.throughput().elapsedSeconds();
            boolean known = good.isPresent() && requests > 0 && whole.orElse(0) > 0;
            return SloCheck.of(
                    "goodput",
                    OptionalDouble.of(withinMs),
                    SloCheck.AT_LEAST,
                    min,
                    known ? OptionalDouble.of(good.get() / whole.getAsDouble()) : OptionalDouble.empty(),
                    unit,
                    Optional.empty(),
                    Optional.of(
                            known
                                    ? good.get() + " of " + requests + " requests"
                                    : requests == 0 ? NO_ANSWER : NOT_RECORDED));
        }

        @Override
        public boolean countsFailures() {
            return true;
        }
    }

    private static SloCheck minimumRate(String metric, double min, Optional<Estimate> measured) {
        return estimated(metric, SloCheck.AT_LEAST, min, SloCheck.PER_SECOND, measured, NO_ANSWER);
    }

    /** @param missing why the value is not known, if it is not */
    private static SloCheck estimated(
            String metric, String bound, double limit, String unit, Optional<Estimate> measured, String missing) {
        return SloCheck.of(
                metric,
                OptionalDouble.empty(),
                bound,
                limit,
                Estimate.value(measured),
                unit,
                measured.flatMap(Estimate::interval),
                measured.isPresent() ? Optional.empty() : Optional.of(missing));
    }

    /**
     * Successful requests of at most this latency, at a rate of this response time; empty where some succeeded but the results
     * hold no histogram of it. Above 0.26 s
     * the histogram's steps are wider than 1 µs. A step then counts only if all of it is within, which agrees with the
     * percentiles: they are a step's upper end.
     */
    private static Optional<Long> goodRequests(LevelResults level, double withinMs) {
        if (!level.hasRightAnswers()) {
            return Optional.of(0L);
        }
        return level.throughput()
                .arrivals()
                .map(Arrivals::responseHistogram)
                .orElse(level.latencyHistogram())
                .map(EncodedHistogram::decode)
                .map(histogram -> atMost(histogram, withinMs));
    }

    private static long atMost(Histogram micros, double withinMs) {
        long limit = Math.round(withinMs * 1000);
        if (limit >= micros.getMaxValue()) {
            return micros.getTotalCount();
        }
        long last = micros.highestEquivalentValue(limit) > limit ? micros.lowestEquivalentValue(limit) - 1 : limit;
        return micros.getCountBetweenValues(0, last);
    }
}
