package nimload.measure;

import static nimload.measure.RecordedLevel.PASSAGE;
import static nimload.measure.RecordedLevel.QUERY;
import static nimload.measure.RecordedLevel.RERANKING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Percentile;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadPointResultTest {
    private static final OptionalDouble IDLE = OptionalDouble.of(0.25);

    @Test
    void nothingSpeaksAgainstACleanLevel() {
        for (LoadPoint point : new LoadPoint[] {QUERY, PASSAGE, RERANKING}) {
            LoadPointResult result = RecordedLevel.clean(point).result(point);
            assertThat(result.reasonsAgainst()).isEmpty();
            assertThat(result.requests()).isEqualTo(100);
        }
    }

    @Test
    void nothingSpeaksAgainstALevelOfWhichTheMachineAndTokensAreNotKnown() {
        assertThat(RecordedLevel.clean(QUERY)
                        .withoutUsage()
                        .answers(1, 1000)
                        .result(QUERY, new TokenCheck(20, 0, false), OptionalDouble.empty())
                        .reasonsAgainst())
                .isEmpty();
    }

    /** Answers of 1 to 100 ms in 5.05 s. */
    @Test
    void goodputCountsRightAnswersUpToTheLimitPerSecondOfTheWindow() {
        LoadPointResult level = RecordedLevel.clean(QUERY)
                .failures(2, 1000, ErrorKind.http(503), "busy")
                .result(QUERY);
        assertThat(level.goodputPerSecond(50).orElseThrow())
                .isEqualTo(50e9 / level.samples().windowNanos(), within(1e-3));
        assertThat(level.goodputPerSecond(49.999).orElseThrow()
                        / level.goodputPerSecond(50).orElseThrow())
                .isEqualTo(0.98, within(1e-3));
        assertThat(level.goodputPerSecond(Double.POSITIVE_INFINITY).orElseThrow()
                        / level.goodputPerSecond(50).orElseThrow())
                .isEqualTo(2, within(1e-3));
        assertThat(level.goodputPerSecond(0.5)).hasValue(0);
        assertThat(new RecordedLevel().result(QUERY).goodputPerSecond(50)).isEmpty();
    }

    @Test
    void failedRequestsAreNamedByKindAndNumber() {
        LoadPointResult result = RecordedLevel.clean(QUERY)
                .failures(2, 1000, ErrorKind.http(503), "busy")
                .failures(1, 1000, ErrorKind.TIMEOUT, "late")
                .result(QUERY);
        assertThat(result.requests()).isEqualTo(103);
        assertThat(result.reasonsAgainst()).containsExactly("3 of 103 requests failed: http 503 ×2, timeout ×1");
        assertThat(result.failures()).isEqualTo(result.reasonsAgainst());
        assertThat(result.clientLimits()).isEmpty();
    }

    @Test
    void aLevelOfFailuresOnlyIsNotAlsoToldThatItHasFewSamples() {
        assertThat(new RecordedLevel()
                        .failures(2, 1000, ErrorKind.CONNECTION, "refused")
                        .result(QUERY)
                        .reasonsAgainst())
                .containsExactly("2 of 2 requests failed: connection ×2");
    }

    @Test
    void aLevelWithoutAnAnswerSaysSo() {
        assertThat(new RecordedLevel().result(QUERY).reasonsAgainst()).containsExactly("no request was answered");
    }

    @Test
    void failuresOfRequestsThatDoNotCountAreAReason() {
        RecordedLevel level = RecordedLevel.clean(QUERY);
        level.recorder().uncountedFailure(ErrorKind.WRONG_ANSWER, "swapped");
        level.recorder().uncountedFailure(ErrorKind.http(500), "oops");
        assertThat(level.result(QUERY).reasonsAgainst())
                .containsExactly("requests that do not count failed: http 500 ×1, wrong answer ×1");
    }

    @Test
    void a99thAnswerIsNotEnoughForP99WhichIsARemarkAndNoReason() {
        RecordedLevel level = new RecordedLevel().tokens(20).answers(99, 1000);
        assertThat(level.result(QUERY).reasonsAgainst()).isEmpty();
        assertThat(level.result(QUERY).remarks())
                .containsExactly("no p99: 99 of 100 answers; lengthen nim.maxDuration");
        assertThat(level.answers(1, 1000).result(QUERY).remarks()).isEmpty();
        assertThat(new RecordedLevel().result(QUERY).remarks()).isEmpty();
    }

    @Test
    void aQueryMayBeOffByNoToken() {
        assertThat(new RecordedLevel()
                        .tokens(20)
                        .answers(99, 1000)
                        .tokens(21)
                        .answers(1, 1000)
                        .result(QUERY)
                        .reasonsAgainst())
                .containsExactly("tokens off: 20.0 instead of 20");
        assertThat(new RecordedLevel()
                        .tokens(24)
                        .answers(100, 1000)
                        .result(QUERY)
                        .reasonsAgainst())
                .containsExactly("tokens off: 24.0 instead of 20");
    }

    @ParameterizedTest
    @ValueSource(ints = {297, 303})
    void aTextOf300TokensMayBeOffByOnePerCent(int tokens) {
        assertThat(new RecordedLevel()
                        .tokens(tokens * 64L)
                        .answers(100, 1000)
                        .result(PASSAGE)
                        .reasonsAgainst())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"296, 296.0", "304, 304.0"})
    void aTextOf300TokensMayNotBeOffByMore(int tokens, String shown) {
        assertThat(new RecordedLevel()
                        .tokens(tokens * 64L)
                        .answers(100, 1000)
                        .result(PASSAGE)
                        .reasonsAgainst())
                .containsExactly("tokens off: " + shown + " instead of 300");
    }

    @Test
    void tokensThatAreNotVerifiedAreUnknownAndNoReason() {
        LoadPointResult result =
                new RecordedLevel().tokens(7).answers(100, 1000).result(QUERY, new TokenCheck(20, 0, false), IDLE);
        assertThat(result.reasonsAgainst()).isEmpty();
        assertThat(result.measuredTokensPerItem()).isEmpty();
        assertThat(result.tokensPerSecond()).isEmpty();
    }

    @Test
    void lessThan90PerCentOfTheConcurrencyInFlightIsTheClientsFault() {
        RecordedLevel level = new RecordedLevel().tokens(20);
        for (int i = 0; i < 100; i++) {
            level.answers(1, 800).gap(200);
        }
        level.answers(1, 800);
        LoadPointResult result = level.result(QUERY);
        assertThat(result.reasonsAgainst())
                .containsExactly("client-limited: 0.80 of 1 in flight; 0.20 ms between answer and next send");
        assertThat(result.clientLimits()).isEqualTo(result.reasonsAgainst());
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void missingRequestsInFlightThatNoGapExplainsAreTheLevelsOwnShortness() {
        LoadPoint five = new LoadPoint(Workload.QUERY, 20, 0, 1, 5);
        assertThat(RecordedLevel.clean(QUERY).result(five).reasonsAgainst())
                .containsExactly("too short: 1.00 of 5 in flight; lengthen nim.duration");
    }

    /** After each failed request its user waited. */
    @Test
    void whatIsMissingInFlightOfALevelWithFailuresIsNotItsShortness() {
        LoadPoint five = new LoadPoint(Workload.QUERY, 20, 0, 1, 5);
        LoadPointResult result = RecordedLevel.clean(QUERY)
                .failures(1, 1000, ErrorKind.TIMEOUT, "no answer")
                .result(five);
        assertThat(result.samples().achievedConcurrency().orElseThrow()).isLessThan(1.1);
        assertThat(result.reasonsAgainst()).containsExactly("1 of 101 requests failed: timeout ×1");
    }

    @Test
    void ninetyPerCentOfTheConcurrencyInFlightIsEnough() {
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofSeconds(5), 0);
        for (int i = 0; i < 100; i++) {
            RecordedLevel.success(recorder, i * 1000L, i * 1000L + (i < 99 ? 900 : 1000), OptionalLong.empty());
        }
        LoadPointResult result = new LoadPointResult(
                QUERY,
                RecordedLevel.closed(recorder, 100_000),
                new TokenCheck(20, 0, true),
                new ClientLoad(IDLE, IDLE),
                Observations.NONE,
                RecordedLevel.ENDED);
        assertThat(result.samples().achievedConcurrency().orElseThrow()).isCloseTo(0.901, within(1e-9));
        assertThat(result.reasonsAgainst()).isEmpty();
    }

    @Test
    void ratesAreItemsAndTokensOfTheServersOwnCountASecond() {
        LoadPointResult result =
                new RecordedLevel().tokens(64 * 300).answers(100, 10_000).result(PASSAGE);
        assertThat(result.samples().requestsPerSecond()).hasValue(100);
        assertThat(result.itemsPerSecond()).hasValue(6400);
        assertThat(result.tokensPerSecond()).hasValue(1_920_000);
        assertThat(result.measuredTokensPerItem()).hasValue(300);
    }

    @Test
    void withoutUsageTokensAreAbsentAndNot0() {
        LoadPointResult result = new RecordedLevel().answers(100, 1000).result(PASSAGE);
        assertThat(result.tokensPerSecond()).isEmpty();
        assertThat(result.measuredTokensPerItem()).isEmpty();
        assertThat(new RecordedLevel().result(PASSAGE).itemsPerSecond()).isEmpty();
    }

    @Test
    void aQueryCountedOnceIsPartOfEveryPair() {
        // 512 of the query once and 512 of each of ten passages: pairs of 1024.
        RecordedLevel level = new RecordedLevel().tokens(512 + 10 * 512).answers(100, 1000);
        LoadPointResult once = level.result(RERANKING, new TokenCheck(1024, 512, true), IDLE);
        assertThat(once.measuredTokensPerItem()).hasValue(1024);
        assertThat(once.reasonsAgainst()).isEmpty();
        LoadPointResult whole = level.result(RERANKING, new TokenCheck(1024, 0, true), IDLE);
        assertThat(whole.measuredTokensPerItem().orElseThrow()).isCloseTo(563.2, within(1e-9));
        assertThat(whole.reasonsAgainst()).containsExactly("tokens off: 563.2 instead of 1024");
    }

    @Test
    void aServerThatCountedMoreThanWasSentIsAReasonButNoFailure() {
        RecordedLevel level = RecordedLevel.clean(QUERY);
        assertThat(level.besideServer(QUERY, 100).reasonsAgainst()).isEmpty();
        assertThat(level.besideServer(QUERY, 101).reasonsAgainst()).isEmpty();
        LoadPointResult shared = level.besideServer(QUERY, 220);
        assertThat(shared.reasonsAgainst())
                .containsExactly("someone else used the NIM: server counted 220 requests, this client sent 100");
        assertThat(shared.failures()).isEmpty();
        assertThat(shared.clientLimits()).isEmpty();
        assertThat(shared.server().orElseThrow().requestsSent()).hasValue(100);
    }

    @Test
    void oneSharedRunAmongRepeatsMakesTheLevelShared() {
        RecordedLevel level = RecordedLevel.clean(QUERY);
        LoadPointResult together = LoadPointResult.together(
                List.of(level.besideServer(QUERY, 103), level.besideServer(QUERY, 20), level.besideServer(QUERY, 100)));
        assertThat(together.reasonsAgainst())
                .containsExactly("someone else used the NIM: server counted 103 requests, this client sent 100");
        assertThat(together.server().orElseThrow().requestsCounted()).hasValue(223);
        assertThat(together.server().orElseThrow().requestsSent()).hasValue(300);
    }

    private static LoadPointResult repeat(LongStream micros) {
        return new RecordedLevel().tokens(20).answers(micros).result(QUERY);
    }

    /** Latencies that rise by a share from the first request to the last, in µs. */
    private static LongStream rising(double share) {
        return IntStream.range(0, 400).mapToLong(i -> Math.round(10_000 * (1 + share * i / 399)));
    }

    @Test
    void theRepeatThatMovedMostIsTheOneThatIsNamed() {
        LoadPointResult level =
                LoadPointResult.together(List.of(repeat(rising(0.06)), repeat(rising(0)), repeat(rising(0.20))));
        assertThat(level.reasonsAgainst())
                .containsExactly(
                        "not steady: latency rose slowly from 10.1 to 12.0 ms over the whole level; the GPU became"
                                + " slower (clocks, temperature, other load)");
    }

    /** Each repeat's p99 may lie below the p99 of all: that lies in the interval all the same. */
    @Test
    void theIntervalOverRepeatsHoldsThePercentileOfAllRequests() {
        LoadPointResult level = LoadPointResult.together(IntStream.of(10_000, 10_001, 20_000)
                .mapToObj(micros -> repeat(LongStream.range(0, 200).map(i -> micros + i * 37 % 200)))
                .toList());
        for (Percentile percentile : List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99)) {
            Interval interval = level.percentileInterval(percentile).orElseThrow();
            double all = level.samples().percentileMillis(percentile).orElseThrow();
            assertThat(interval.low().orElseThrow()).isLessThanOrEqualTo(all);
            assertThat(interval.high().orElse(Double.POSITIVE_INFINITY)).isGreaterThanOrEqualTo(all);
        }
    }

    /** What differs between the repeats would be missing in it. */
    @Test
    void aPercentileThatOneOfThreeRepeatsLacksHasNoInterval() {
        LoadPointResult level = LoadPointResult.together(IntStream.of(110, 90, 110)
                .mapToObj(count -> repeat(LongStream.range(0, count).map(i -> 10_000 + i)))
                .toList());
        assertThat(level.samples().percentileMillis(Percentile.P99)).isPresent();
        assertThat(level.percentileInterval(Percentile.P99)).isEmpty();
        assertThat(level.percentileInterval(Percentile.P95)).isPresent();
    }

    @Test
    void reasonsAreTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(new RecordedLevel()
                            .tokens(304 * 64)
                            .answers(100, 1000)
                            .result(PASSAGE)
                            .reasonsAgainst())
                    .containsExactly("tokens off: 304.0 instead of 300");
        } finally {
            Locale.setDefault(before);
        }
    }
}
