package nimload.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nimload.measure.LevelRecorder;
import nimload.measure.LevelSamples;
import nimload.measure.RecordedLevel;
import nimload.measure.Wandering;
import nimload.results.Percentile;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulates 400 levels of known truth: at least 372 of their 95 % intervals must hold it. */
class CoverageTest {
    private static final int RUNS = 400;
    private static final double LEAST = 0.93;

    private static final double MEDIAN = Wandering.MEDIAN_MS;

    /** The mean of a log-normal latency, ms. */
    private static final double MEAN = MEDIAN * Math.exp(Wandering.SIGMA * Wandering.SIGMA / 2);

    private static double normal(double percent) {
        return NormalDistribution.of(0, 1).inverseCumulativeProbability(percent / 100);
    }

    private static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** One user without gaps. */
    private static LevelSamples level(long seed, int requests, double meanMillis, Wandering server) {
        DoubleSupplier latency = server.with(new SplittableRandom(seed));
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofNanos((long) (requests * meanMillis * 1e6)), 0);
        long now = 0;
        for (int i = 0; i < requests; i++) {
            long nanos = (long) (latency.getAsDouble() * 1e6);
            RecordedLevel.success(recorder, now, now + nanos, OptionalLong.empty());
            now += nanos;
        }
        return RecordedLevel.closed(recorder, now);
    }

    private static List<LevelSamples> levels(int requests, double meanMillis, Wandering server) {
        return LongStream.range(0, RUNS)
                .parallel() // thousands of levels of a few milliseconds each
                .mapToObj(seed -> level(seed, requests, meanMillis, server))
                .toList();
    }

    @ParameterizedTest(name = "{0} requests, {1}")
    @CsvSource({"30, INDEPENDENT", "400, INDEPENDENT", "1500, AR_70", "89, AR_90", "1500, AR_90", "1500, AR_99"})
    void theIntervalsHoldTheTruth(int requests, Wandering server) {
        List<LevelSamples> levels = levels(requests, MEAN, server);
        assertCovers("throughput", 1e3 / MEAN, levels, LevelSamples::rateInterval);
        Stream.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99)
                .filter(percentile -> requests >= percentile.samplesNeeded())
                .forEach(percentile -> assertCovers(
                        percentile.key(),
                        MEDIAN * Math.exp(Wandering.SIGMA * normal(percentile.percent())),
                        levels,
                        samples -> samples.percentileInterval(percentile)));
    }

    /** Half of the requests in each regime: p50 lies between both, p95 is p90 of the slow one, p99 is its p98. */
    @Test
    void theIntervalsHoldTheTruthOfTwoRegimesThatSwitchEvery50Requests() {
        double sigma = 0.1;
        double mean = MEDIAN * 1.25 * Math.exp(sigma * sigma / 2);
        List<LevelSamples> levels = levels(1500, mean, Wandering.TWO_REGIMES);
        assertCovers("throughput", 1e3 / mean, levels, LevelSamples::rateInterval);
        // As much of the fast regime above it as of the slow one below it.
        double p50 = MEDIAN * Math.sqrt(1.5);
        assertCovers("p50", p50, levels, samples -> samples.percentileInterval(Percentile.P50));
        double p95 = 1.5 * MEDIAN * Math.exp(sigma * normal(90));
        assertCovers("p95", p95, levels, samples -> samples.percentileInterval(Percentile.P95));
        double p99 = 1.5 * MEDIAN * Math.exp(sigma * normal(98));
        assertCovers("p99", p99, levels, samples -> samples.percentileInterval(Percentile.P99));
    }

    /** Ranks leave p50 open: a level is worth about four independent requests. Not so p95, which holds less often. */
    @Test
    void theIntervalsHoldTheTruthOfCohortsThatLastForAFifthOfALevelAndP50sIsClosed() {
        double slow = Wandering.SLOW_STAY / (Wandering.SLOW_STAY + Wandering.FAST_STAY);
        double mean = MEDIAN
                * (1 + slow * (Wandering.COHORT_SLOWER - 1))
                * Math.exp(Wandering.COHORT_SIGMA * Wandering.COHORT_SIGMA / 2);
        List<LevelSamples> levels = levels(1500, mean, Wandering.COHORTS);
        assertCovers("throughput", 1e3 / mean, levels, LevelSamples::rateInterval);
        // All of the fast ones and some of the slow ones are below it.
        double p50 = slower(100 * (0.5 - (1 - slow)) / slow);
        assertCovers("p50", p50, levels, samples -> samples.percentileInterval(Percentile.P50));
        double p99 = slower(100 * (0.99 - (1 - slow)) / slow);
        assertCovers("p99", p99, levels, samples -> samples.percentileInterval(Percentile.P99));
        assertThat(levels).allSatisfy(level -> {
            Interval interval = level.percentileInterval(Percentile.P50).orElseThrow();
            assertThat(interval.high().orElseThrow() / interval.low().orElseThrow())
                    .isLessThan(1.1);
        });
    }

    private static double slower(double percent) {
        return MEDIAN * Wandering.COHORT_SLOWER * Math.exp(Wandering.COHORT_SIGMA * normal(percent));
    }

    /** Of as many independent requests, 2 × 1.96 standard errors of the median: √(π ÷ 2) σ ÷ √n. */
    @Test
    void theMediansIntervalOf400IndependentRequestsIsAtMost1Point4TimesAsWideAsItMust() {
        double width = levels(400, MEAN, Wandering.INDEPENDENT).stream()
                .map(level -> level.percentileInterval(Percentile.P50).orElseThrow())
                .mapToDouble(interval ->
                        interval.high().orElseThrow() - interval.low().orElseThrow())
                .average()
                .orElseThrow();
        double least = MEDIAN * 2 * 1.96 * Math.sqrt(Math.PI / 2) * Wandering.SIGMA / Math.sqrt(400);
        assertThat(width / least).isLessThan(1.4);
    }

    /** All users' requests are computed and answered together, as on a slow GPU with a dynamic batcher. */
    private static LevelSamples batches(long seed, int users, int batches, double seconds) {
        SplittableRandom random = new SplittableRandom(seed);
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofNanos((long) (batches * seconds * 1e9)), 0);
        long now = 0;
        for (int batch = 0; batch < batches; batch++) {
            long nanos = (long) (seconds * 1e9 * Math.exp(0.05 * normal(random)));
            for (int user = 0; user < users; user++) {
                RecordedLevel.success(recorder, now, now + nanos, OptionalLong.empty());
            }
            now += nanos;
        }
        return RecordedLevel.closed(recorder, now);
    }

    @ParameterizedTest(name = "{1} batches of {0} requests")
    @CsvSource({"64, 4", "15, 7", "15, 12"})
    void theIntervalsHoldTheTruthOfRequestsAnsweredTogether(int users, int batches) {
        List<LevelSamples> levels = LongStream.range(0, RUNS)
                .parallel()
                .mapToObj(seed -> batches(seed, users, batches, 0.8))
                .toList();
        assertCovers("p50", 800, levels, samples -> samples.percentileInterval(Percentile.P50));
    }

    private static void assertCovers(
            String name, double truth, List<LevelSamples> levels, Function<LevelSamples, Optional<Interval>> interval) {
        long held = levels.stream()
                .map(level -> interval.apply(level).orElseThrow())
                .filter(found ->
                        found.low().orElse(0) <= truth && truth <= found.high().orElse(Double.POSITIVE_INFINITY))
                .count();
        assertThat((double) held / RUNS).as(name).isGreaterThanOrEqualTo(LEAST);
    }
}
