package nimload.slo;

import java.util.Optional;
import java.util.OptionalDouble;
import nimload.measure.Percentiles;
import nimload.results.EncodedHistogram;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.SloCheck;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/** What a level must keep to. A value that equals the limit keeps to it. */
public sealed interface Limit {

    /** Holds a finished level against this limit. */
    SloCheck check(LevelResults level);

    /** Whether this limit counts failed requests against the level. */
    default boolean countsFailures() {
        return false;
    }

    /**
     * A percentile of latency, successful requests only.
     *
     * @param percentile 50, 90, 95, 99 or 99.9
     * @param maxMs above 0, to three decimals
     */
    record Percentile(double percentile, double maxMs) implements Limit {
        /** {@code p95}, {@code p99.9}. */
        public String name() {
            return "p" + (percentile == Math.rint(percentile) ? Long.toString((long) percentile) : "" + percentile);
        }

        @Override
        public SloCheck check(LevelResults level) {
            OptionalDouble measured = of(level.latencyMs());
            long needed = Percentiles.samplesNeeded(percentile);
            long successes = level.requests() - level.errors();
            Optional<String> missing = measured.isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            successes < needed
                                    ? "too few samples for " + name() + ": " + successes + " of " + needed
                                    : "the results do not say it");
            return SloCheck.of(
                    name(),
                    OptionalDouble.empty(),
                    SloCheck.AT_MOST,
                    maxMs,
                    measured,
                    SloCheck.MILLIS,
                    Optional.ofNullable(level.intervals().get(name())),
                    missing);
        }

        private OptionalDouble of(Latency latency) {
            return switch (name()) {
                case "p50" -> latency.p50();
                case "p90" -> latency.p90();
                case "p95" -> latency.p95();
                case "p99" -> latency.p99();
                case "p99.9" -> latency.p999();
                default -> throw new IllegalStateException("no percentile of the results: " + name());
            };
        }
    }

    /**
     * Failed requests ÷ all requests.
     *
     * @param max 0 to 1
     */
    record ErrorShare(double max) implements Limit {
        @Override
        public SloCheck check(LevelResults level) {
            return SloCheck.of(
                    "errorShare",
                    OptionalDouble.empty(),
                    SloCheck.AT_MOST,
                    max,
                    level.requests() == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of((double) level.errors() / level.requests()),
                    SloCheck.SHARE,
                    Optional.empty(),
                    Optional.of(level.errors() + " of " + level.requests() + " requests failed"));
        }

        @Override
        public boolean countsFailures() {
            return true;
        }
    }

    /**
     * Successful requests a second.
     *
     * @param min above 0
     */
    record RequestsPerSecond(double min) implements Limit {
        @Override
        public SloCheck check(LevelResults level) {
            return SloCheck.of(
                    "requestsPerSecond",
                    OptionalDouble.empty(),
                    SloCheck.AT_LEAST,
                    min,
                    level.requestsPerSecond(),
                    SloCheck.PER_SECOND,
                    Optional.ofNullable(level.intervals().get("requestsPerSecond")),
                    nothingAnswered(level.requestsPerSecond()));
        }
    }

    /**
     * Texts or pairs of successful requests a second.
     *
     * @param min above 0
     */
    record ItemsPerSecond(double min) implements Limit {
        @Override
        public SloCheck check(LevelResults level) {
            return SloCheck.of(
                    "itemsPerSecond",
                    OptionalDouble.empty(),
                    SloCheck.AT_LEAST,
                    min,
                    level.itemsPerSecond(),
                    SloCheck.PER_SECOND,
                    Optional.ofNullable(level.intervals().get("requestsPerSecond"))
                            .map(requests -> new Interval(
                                    times(requests.low(), level.itemsPerRequest()),
                                    times(requests.high(), level.itemsPerRequest()))),
                    nothingAnswered(level.itemsPerSecond()));
        }

        private static OptionalDouble times(OptionalDouble rate, int items) {
            return rate.isPresent() ? OptionalDouble.of(rate.getAsDouble() * items) : rate;
        }
    }

    /**
     * Requests that were successful within a latency: as a share of all requests, failed ones too, or a second, from the
     * level's first send to its last answer.
     *
     * @param withinMs above 0, to three decimals
     * @param min above 0; of a share up to 1
     * @param unit {@link SloCheck#SHARE} or {@link SloCheck#PER_SECOND}
     */
    record Goodput(double withinMs, double min, String unit) implements Limit {
        @Override
        public SloCheck check(LevelResults level) {
            Optional<Long> good = goodRequests(level, withinMs);
            OptionalDouble whole =
                    unit.equals(SloCheck.SHARE) ? OptionalDouble.of(level.requests()) : level.elapsedSeconds();
            boolean known = good.isPresent() && level.requests() > 0 && whole.orElse(0) > 0;
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
                                    ? good.get() + " of " + level.requests() + " requests"
                                    : level.requests() == 0 ? "no request was answered" : "the results do not say it"));
        }

        @Override
        public boolean countsFailures() {
            return true;
        }
    }

    private static Optional<String> nothingAnswered(OptionalDouble rate) {
        return rate.isPresent() ? Optional.empty() : Optional.of("no request was answered");
    }

    /**
     * Successful requests of at most a latency; empty where the results hold no histogram, though some were successful.
     * Above 0.26 s, where the histogram's steps are wider than 1 µs, a step counts if all of it is within, so that this
     * agrees with the percentiles, which are a step's upper end.
     */
    private static Optional<Long> goodRequests(LevelResults level, double withinMs) {
        if (level.requests() == level.errors()) {
            return Optional.of(0L);
        }
        return level.latencyHistogram().map(EncodedHistogram::decode).map(histogram -> atMost(histogram, withinMs));
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
