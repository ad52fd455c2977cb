package nimload.measure;

import static nimload.measure.RecordedLevel.closed;
import static nimload.measure.RecordedLevel.failure;
import static nimload.measure.RecordedLevel.opened;
import static nimload.measure.RecordedLevel.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import nimload.results.Percentile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelRecorderTest {
    private static LevelSamples recorded(long... latenciesNanos) {
        long now = -1_000_000;
        LevelRecorder recorder = opened(Duration.ofSeconds(5), now);
        for (long nanos : latenciesNanos) {
            success(recorder, now, now + nanos, OptionalLong.empty());
            now += nanos;
        }
        return closed(recorder, now);
    }

    private static final List<Percentile> WHOLE =
            List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99);

    /** The smallest latency that at least {@code percentile} per cent of all do not exceed. */
    private static double nearestRankMillis(long[] latenciesNanos, Percentile percentile) {
        long[] sorted = latenciesNanos.clone();
        Arrays.sort(sorted);
        int rank = ((int) percentile.percent() * sorted.length + 99) / 100;
        return sorted[rank - 1] / 1e6;
    }

    @Property(tries = 400)
    void percentilesAreTheNearestRankOfTheSortedLatenciesWithin1MicrosecondBelow260Milliseconds(
            @ForAll @Size(min = 100, max = 700) List<@LongRange(min = 1000, max = 260_000_000) Long> latencies) {
        long[] nanos = latencies.stream().mapToLong(Long::longValue).toArray();
        LevelSamples samples = recorded(nanos);
        for (Percentile percentile : WHOLE) {
            assertThat(samples.percentileMillis(percentile).orElseThrow())
                    .as("%s of %d", percentile.key(), nanos.length)
                    .isCloseTo(nearestRankMillis(nanos, percentile), within(0.001));
        }
    }

    @Property(tries = 100)
    void percentilesOfLongLatenciesAreWithinAHundredthOfAPerMille(
            @ForAll @Size(min = 100, max = 200) List<@LongRange(min = 1000, max = 100_000_000_000L) Long> latencies) {
        long[] nanos = latencies.stream().mapToLong(Long::longValue).toArray();
        LevelSamples samples = recorded(nanos);
        for (Percentile percentile : WHOLE) {
            double expected = nearestRankMillis(nanos, percentile);
            assertThat(samples.percentileMillis(percentile).orElseThrow())
                    .isCloseTo(expected, within(0.001 + expected * 1e-5));
        }
    }

    @Property(tries = 300)
    void meanAndDeviationAndExtremesAreThoseOfTheLatencies(
            @ForAll @Size(min = 2, max = 300) List<@LongRange(min = 1000, max = 260_000_000) Long> latencies) {
        long[] nanos = latencies.stream().mapToLong(Long::longValue).toArray();
        LevelSamples samples = recorded(nanos);
        double mean = LongStream.of(nanos).average().orElseThrow() / 1e6;
        double squares = LongStream.of(nanos)
                .mapToDouble(value -> (value / 1e6 - mean) * (value / 1e6 - mean))
                .sum();
        assertThat(samples.meanMillis().orElseThrow()).isCloseTo(mean, within(1e-9 * mean));
        assertThat(samples.standardDeviationMillis().orElseThrow())
                .isCloseTo(Math.sqrt(squares / (nanos.length - 1)), within(1e-4));
        assertThat(samples.minMillis().orElseThrow())
                .isCloseTo(LongStream.of(nanos).min().orElseThrow() / 1e6, within(0.001));
        assertThat(samples.maxMillis().orElseThrow())
                .isCloseTo(LongStream.of(nanos).max().orElseThrow() / 1e6, within(0.001));
    }

    @ParameterizedTest
    @CsvSource({"P50, 2", "P90, 10", "P95, 20", "P99, 100"})
    void aPercentileIsAbsentBelowTheSamplesThatItNeeds(Percentile percentile, int needed) {
        assertThat(percentile.samplesNeeded()).isEqualTo(needed);
        long[] latencies =
                LongStream.rangeClosed(1, needed).map(ms -> ms * 1_000_000).toArray();
        assertThat(recorded(Arrays.copyOf(latencies, needed - 1)).percentileMillis(percentile))
                .isEmpty();
        assertThat(recorded(latencies).percentileMillis(percentile)).hasValue(nearestRankMillis(latencies, percentile));
    }

    @Test
    void of100LatenciesTheNinetyNinthIsP99AndNoneIsInvented() {
        LevelSamples samples = recorded(
                LongStream.rangeClosed(1, 100).map(ms -> ms * 1_000_000).toArray());
        assertThat(samples.percentileMillis(Percentile.P50)).hasValue(50);
        assertThat(samples.percentileMillis(Percentile.P90)).hasValue(90);
        assertThat(samples.percentileMillis(Percentile.P95)).hasValue(95);
        assertThat(samples.percentileMillis(Percentile.P99)).hasValue(99);
        assertThat(samples.maxMillis()).hasValue(100);
    }

    @Test
    void withoutASuccessEverythingIsAbsentAndNothingIsZero() {
        LevelSamples none = closed(opened(Duration.ofSeconds(5), 0), 0);
        LevelSamples failed = new RecordedLevel()
                .failures(200, 1000, ErrorKind.http(503), "busy")
                .samples();
        for (LevelSamples samples : List.of(none, failed)) {
            assertThat(samples.meanMillis()).isEmpty();
            assertThat(samples.standardDeviationMillis()).isEmpty();
            assertThat(samples.minMillis()).isEmpty();
            assertThat(samples.maxMillis()).isEmpty();
            assertThat(samples.percentileMillis(Percentile.P50)).isEmpty();
            assertThat(samples.requestsPerSecond()).isEmpty();
            assertThat(samples.tokens()).isEmpty();
        }
        assertThat(none.achievedConcurrency()).isEmpty();
        assertThat(none.meanGapNanos()).isEmpty();
        assertThat(recorded(1_000_000).standardDeviationMillis()).isEmpty();
    }

    @Test
    void throughputIsSuccessesOverTheWindowFromItsOpeningToItsClosing() {
        long origin = Long.MAX_VALUE - 1_000_000_000; // the clock may overflow within a level
        LevelRecorder recorder = opened(Duration.ofSeconds(5), origin);
        success(recorder, origin + 500_000_000, origin + 600_000_000, OptionalLong.empty());
        success(recorder, origin + 100_000_000, origin + 250_000_000, OptionalLong.empty());
        success(recorder, origin + 1_900_000_000, origin + 2_700_000_000L, OptionalLong.empty());
        LevelSamples samples = closed(recorder, origin + 2_000_000_000);
        assertThat(samples.windowNanos()).isEqualTo(2_000_000_000);
        assertThat(samples.requestsPerSecond()).hasValue(1.5);
    }

    @Test
    void achievedConcurrencyIsTheTimeInFlightWithinTheWindowOverTheWindow() {
        LevelRecorder recorder = opened(Duration.ofSeconds(5), 0);
        success(recorder, 0, 600, OptionalLong.empty());
        success(recorder, 0, 900, OptionalLong.empty());
        failure(recorder, 700, 1000, ErrorKind.TIMEOUT, "late");
        assertThat(closed(recorder, 1000).achievedConcurrency()).hasValue(1.8);
    }

    @Test
    void ofRequestsThatReachOutOfTheWindowOnlyThePartWithinItIsInFlight() {
        LevelRecorder recorder = opened(Duration.ofSeconds(5), 1000);
        recorder.ended(0, 1000); // before it
        recorder.ended(900, 1100); // 100 of the window's 1000
        recorder.ended(1100, 1300); // all 200
        recorder.close(2000);
        recorder.ended(1300, 1700); // 400, although it is recorded late
        recorder.ended(1900, 2500); // 100
        recorder.ended(2000, 2600); // after it
        assertThat(closed(recorder, 2000).achievedConcurrency()).hasValue(0.8);
    }

    @Test
    void withoutAWindowThereIsNoRateAndNoConcurrency() {
        LevelRecorder recorder = new LevelRecorder(Duration.ofSeconds(5), () -> 0);
        recorder.sent(0);
        recorder.ended(0, 1_000_000);
        recorder.uncountedFailure(ErrorKind.CONNECTION, "refused");
        LevelSamples samples = closed(recorder, 2_000_000);
        assertThat(samples.windowNanos()).isZero();
        assertThat(samples.requestsPerSecond()).isEmpty();
        assertThat(samples.achievedConcurrency()).isEmpty();
        assertThat(samples.silence()).isEmpty();
        assertThat(samples.failures().uncounted()).isEqualTo(Map.of("connection", 1L));
    }

    @Property(tries = 100)
    void usersWithoutGapsAchieveTheirConcurrency(
            @ForAll @IntRange(min = 1, max = 15) int users, @ForAll @IntRange(min = 1, max = 50) int requests) {
        LevelRecorder recorder = opened(Duration.ofSeconds(5), 0);
        for (int user = 0; user < users; user++) {
            for (int i = 0; i < requests; i++) {
                success(recorder, i * 1000L, i * 1000L + 1000, OptionalLong.empty());
            }
        }
        assertThat(closed(recorder, requests * 1000L).achievedConcurrency().orElseThrow())
                .isCloseTo(users, within(1e-9));
    }

    @Test
    void failuresAreCountedByKindAndAreInNoLatency() {
        LevelSamples samples = new RecordedLevel()
                .answers(100, 2000)
                .failures(1, 900_000, ErrorKind.TIMEOUT, "no answer")
                .failures(2, 1, ErrorKind.http(503), "first busy")
                .failures(1, 1, ErrorKind.http(503), "then busier")
                .samples();
        assertThat(samples.failures().errors()).isEqualTo(Map.of("timeout", 1L, "http 503", 3L));
        assertThat(samples.failures().firstErrors())
                .isEqualTo(Map.of("timeout", "no answer", "http 503", "first busy"));
        assertThat(samples.errorCount()).isEqualTo(4);
        assertThat(samples.successes()).isEqualTo(100);
        assertThat(samples.minMillis()).hasValue(2);
        assertThat(samples.maxMillis()).hasValue(2);
        assertThat(samples.meanMillis()).hasValue(2);
        assertThat(samples.standardDeviationMillis().orElseThrow()).isCloseTo(0, within(1e-6));
        assertThat(samples.percentileMillis(Percentile.P99)).hasValue(2);
        assertThat(samples.latencyMicros().getTotalCount()).isEqualTo(100);
    }

    @Test
    void failuresOfRequestsThatDoNotCountAreInNoOtherNumber() {
        RecordedLevel level = new RecordedLevel().answers(3, 1000);
        LevelSamples before = level.samples();
        level.recorder().uncountedFailure(ErrorKind.MALFORMED, "cut short");
        level.recorder().uncountedFailure(ErrorKind.MALFORMED, "cut shorter");
        LevelSamples samples = level.samples();
        assertThat(samples.failures().uncounted()).isEqualTo(Map.of("malformed", 2L));
        assertThat(samples.failures().firstErrors()).isEqualTo(Map.of("malformed", "cut short"));
        assertThat(samples.failures().errors()).isEmpty();
        assertThat(samples.errorCount()).isZero();
        assertThat(samples.successes()).isEqualTo(before.successes());
        assertThat(samples.windowNanos()).isEqualTo(before.windowNanos());
        assertThat(samples.inFlightNanosSum()).isEqualTo(before.inFlightNanosSum());
    }

    @Test
    void tokensAreAbsentUnlessEveryAnswerHadUsage() {
        assertThat(new RecordedLevel().tokens(20).answers(3, 1000).samples().tokens())
                .hasValue(60);
        assertThat(new RecordedLevel()
                        .tokens(20)
                        .answers(3, 1000)
                        .withoutUsage()
                        .answers(1, 1000)
                        .samples()
                        .tokens())
                .isEmpty();
        assertThat(new RecordedLevel()
                        .tokens(20)
                        .answers(3, 1000)
                        .failures(1, 1000, ErrorKind.TIMEOUT, "late")
                        .samples()
                        .tokens())
                .hasValue(60);
    }

    @Test
    void theMeanGapIsThatOfAllUsers() {
        assertThat(new RecordedLevel().gap(10).gap(30).samples().meanGapNanos()).hasValue(20_000);
    }

    @Test
    void answersWhoseValuesWereReadAreCounted() {
        LevelRecorder recorder = opened(Duration.ofSeconds(5), 0);
        recorder.success(0, 1, OptionalLong.empty(), true, 0);
        recorder.success(0, 1, OptionalLong.empty(), false, 0);
        recorder.failure(1, ErrorKind.WRONG_ANSWER, "not its own", true);
        assertThat(closed(recorder, 1).valuesChecked()).isEqualTo(2);
    }

    /** A request each 10 ms for 20 s. What is not true of them scatters widely: its interval reaches far beyond 5 %. */
    private static boolean precise(boolean open, boolean latency, boolean response, boolean steady) {
        LevelRecorder recorder = new LevelRecorder(Duration.ofSeconds(20), () -> 0, open);
        recorder.open(0);
        Random random = new Random(5);
        long answers = 0;
        for (int i = 0; i < 2000; i++) {
            long intended = i * 10_000_000L;
            double wide = Math.exp(2 * random.nextGaussian());
            long answered = intended + Math.round(5e6 * (response ? 1 : wide));
            long sent = answered - Math.round(5e6 * (latency ? 1 : wide));
            recorder.success(sent, answered, OptionalLong.empty(), false, 0);
            if (open) {
                recorder.responded(intended, answered);
                answers += Math.round(steady ? 10e6 : 1e6 * wide);
                recorder.answeredRightly(answers);
            }
        }
        return recorder.preciseTo(0.05, 20_000_000_000L);
    }

    @Test
    void closedLevelIsAsPreciseAsItsLatencyAndAnOpenOneAsItsResponseTimesAndRightAnswers() {
        assertThat(precise(false, true, true, true)).isTrue();
        assertThat(precise(false, false, true, true)).isFalse();
        assertThat(precise(true, true, true, true)).isTrue();
        assertThat(precise(true, false, true, true))
                .as("its latency is not reported")
                .isTrue();
        assertThat(precise(true, true, false, true)).isFalse();
        assertThat(precise(true, true, true, false)).isFalse();
    }

    @Test
    void samplesAreACopyThatLaterRecordsDoNotChange() {
        RecordedLevel level = new RecordedLevel().answers(2, 1000);
        LevelSamples samples = level.samples();
        level.answers(98, 9000).failures(1, 1000, ErrorKind.TIMEOUT, "late");
        assertThat(samples.successes()).isEqualTo(2);
        assertThat(samples.latencyMicros().getTotalCount()).isEqualTo(2);
        assertThat(samples.maxMillis()).hasValue(1);
        assertThat(samples.failures().errors()).isEmpty();
    }

    @Test
    void fourThreadsLoseNoRecord() throws Exception {
        LevelRecorder recorder = opened(Duration.ofSeconds(5), 0);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> users = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(user -> threads.submit(() -> {
                        for (int i = 0; i < 5000; i++) {
                            success(recorder, 0, 1_000_000, OptionalLong.of(1));
                            failure(recorder, 0, 1_000_000, ErrorKind.TIMEOUT, "late");
                            recorder.gap(10);
                        }
                    }))
                    .toList();
            for (Future<?> user : users) {
                user.get();
            }
        } finally {
            threads.shutdown();
        }
        LevelSamples samples = closed(recorder, 1_000_000);
        assertThat(samples.successes()).isEqualTo(20_000);
        assertThat(samples.latencyMicros().getTotalCount()).isEqualTo(20_000);
        assertThat(samples.failures().errors()).isEqualTo(Map.of("timeout", 20_000L));
        assertThat(samples.tokens()).hasValue(20_000);
        assertThat(samples.inFlightNanosSum()).isEqualTo(40_000L * 1_000_000);
    }
}
