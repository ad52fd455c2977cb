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
import nimload.results.Percentile;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulates 1,000 levels of known truth: at least 930 of their 95 % intervals must hold it. */
class CoverageTest {
    private static final int RUNS = 1000;
    private static final double LEAST = 0.93;

    /** Latencies are log-normal: median 20 ms, with the tail of a server with a short queue. */
    private static final double MEDIAN_MICROS = 20_000;

    private static final double SIGMA = 0.3;
    private static final double TRUE_MEAN_SECONDS = MEDIAN_MICROS / 1e6 * Math.exp(SIGMA * SIGMA / 2);

    private static double truePercentileMillis(Percentile percentile) {
        return MEDIAN_MICROS
                / 1e3
                * Math.exp(
                        SIGMA * NormalDistribution.of(0, 1).inverseCumulativeProbability(percentile.percent() / 100));
    }

    /** Correlated log-normal latencies: their logarithms are an autoregressive process of order 1. */
    private static DoubleSupplier latencies(SplittableRandom random, double correlation) {
        double[] state = {normal(random)};
        return () -> {
            double micros = MEDIAN_MICROS * Math.exp(SIGMA * state[0]);
            state[0] = correlation * state[0] + Math.sqrt(1 - correlation * correlation) * normal(random);
            return micros;
        };
    }

    private static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** One user without gaps. */
    private static LevelSamples level(long seed, int requests, double correlation) {
        DoubleSupplier latency = latencies(new SplittableRandom(seed), correlation);
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofNanos((long) (requests * TRUE_MEAN_SECONDS * 1e9)), 0);
        long now = 0;
        for (int i = 0; i < requests; i++) {
            long nanos = (long) (latency.getAsDouble() * 1000);
            RecordedLevel.success(recorder, now, now + nanos, OptionalLong.empty());
            now += nanos;
        }
        return RecordedLevel.closed(recorder, now);
    }

    @ParameterizedTest(name = "{0} requests, correlation {1}")
    @CsvSource({"30, 0", "400, 0", "1500, 0.7"})
    void theIntervalsHoldTheTruth(int requests, double correlation) {
        List<LevelSamples> levels = LongStream.range(0, RUNS)
                .parallel() // thousands of levels of a few milliseconds each
                .mapToObj(seed -> level(seed, requests, correlation))
                .toList();
        assertCovers("throughput", 1 / TRUE_MEAN_SECONDS, levels, LevelSamples::rateInterval);
        Stream.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99)
                .filter(percentile -> requests >= percentile.samplesNeeded())
                .forEach(percentile -> assertCovers(
                        percentile.key(),
                        truePercentileMillis(percentile),
                        levels,
                        samples -> samples.percentileInterval(percentile)));
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
