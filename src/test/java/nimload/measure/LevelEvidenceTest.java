package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import nimload.results.Ledger;
import nimload.results.Percentile;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reasons and remarks that do not come from latencies and failures of counted requests alone. */
class LevelEvidenceTest {
    private static final Ledger NOTHING = new Ledger(0, 0, 0, 0, 0);

    private static RecordedLevel answers(int count, long micros) {
        return new RecordedLevel().tokens(20).answers(count, micros);
    }

    private static List<String> silent(RecordedLevel level) {
        return level.result(QUERY).reasonsAgainst().stream()
                .filter(reason -> reason.startsWith("silent"))
                .toList();
    }

    @Test
    void silenceOfMoreThan100MillisecondsIsAReason() {
        assertThat(silent(answers(1000, 1000).answers(1, 100_000))).isEmpty();
        assertThat(silent(answers(1000, 1000).answers(1, 100_001)))
                .containsExactly(
                        "silent: nothing was answered for 100 ms, from 1.0 s on, while requests were in flight");
    }

    @Test
    void silenceOfTenMediansIsNot() {
        assertThat(silent(answers(100, 20_000).answers(1, 200_000))).isEmpty();
        assertThat(silent(answers(100, 20_000).answers(1, 200_001))).hasSize(1);
    }

    /** 30 s, of which 1 % is 303.03 ms. */
    @Test
    void silenceOfAHundredthOfTheLevelIsNot() {
        assertThat(silent(answers(30_000, 1000).answers(1, 303_000))).isEmpty();
        assertThat(silent(answers(30_000, 1000).answers(1, 303_100))).hasSize(1);
    }

    @ParameterizedTest(name = "{0} ns of 100 ms")
    @CsvSource({"9999999, 0", "10000000, 1", "100000000, 1"})
    void aRequestIsStalledFromATenthOfItsTimeOn(long stalledNanos, long stalled) {
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofSeconds(1), 0);
        recorder.success(0, 100_000_000, OptionalLong.empty(), false, stalledNanos);
        assertThat(RecordedLevel.closed(recorder, 100_000_000).stalled()).isEqualTo(stalled);
    }

    private static List<String> stalledOnce(int others) {
        RecordedLevel level = answers(others, 1000);
        level.recorder().success(0, 1_000_000, OptionalLong.of(20), false, 1_000_000);
        return level.result(QUERY).clientLimits();
    }

    @Test
    void aClientThatStoodStillDuringOneRequestInAHundredIsLimited() {
        assertThat(stalledOnce(99)).containsExactly("client-limited: it stood still during 1.0 % of the requests (1)");
        assertThat(stalledOnce(100)).isEmpty();
    }

    @Test
    void aMachineBusyOver90PerCentIsARemarkAndNoReason() {
        LoadPointResult busy =
                RecordedLevel.clean(QUERY).result(QUERY, new TokenCheck(20, 0, true), OptionalDouble.of(0.91));
        assertThat(busy.reasonsAgainst()).isEmpty();
        assertThat(busy.remarks()).containsExactly("this machine was 91 % busy, 13 % with this process");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.25})
    void aMachineBusy90PerCentIsNoRemark(double busy) {
        assertThat(RecordedLevel.clean(QUERY)
                        .result(QUERY, new TokenCheck(20, 0, true), OptionalDouble.of(busy))
                        .remarks())
                .isEmpty();
    }

    @Test
    void aMachineOfWhichNothingIsKnownIsNoRemark() {
        assertThat(RecordedLevel.clean(QUERY)
                        .result(QUERY, new TokenCheck(20, 0, true), OptionalDouble.empty())
                        .remarks())
                .isEmpty();
    }

    private static LoadPointResult with(RecordedLevel level, Ledger ledger, RepeatsSeen repeats, String... alone) {
        level.samples(); // closes the window
        return new LoadPointResult(
                QUERY,
                level.recorder()
                        .samples(ledger, repeats, new Findings(List.of(alone), Optional.empty(), List.of(), false)),
                new TokenCheck(20, 0, true),
                new ClientLoad(OptionalDouble.empty(), OptionalDouble.empty()),
                Observations.NONE,
                RecordedLevel.ENDED);
    }

    private static RepeatsSeen again(int count, long micros, long newMicros) {
        return new RepeatsSeen(count, 0, latencies(count, micros), latencies(count, newMicros));
    }

    private static Histogram latencies(int count, long micros) {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(micros, count);
        return latencies;
    }

    @ParameterizedTest(name = "{1} new texts took {0} µs, as many that were sent again {2} µs")
    @CsvSource({
        // less than 80 %
        "10000, 10, 7999, true",
        "10000, 10, 8007, false",
        // by more than 0.3 ms
        "1000, 10, 699, true",
        "1000, 10, 701, false",
        // of ten at least
        "10000, 9, 1000, false",
    })
    void textsThatAreAnsweredFasterTheSecondTimeAreARemarkOnACache(
            long micros, int count, long againMicros, boolean cache) {
        LoadPointResult level = with(answers(100, micros), NOTHING, again(count, againMicros, micros));
        assertThat(level.reasonsAgainst()).isEmpty();
        assertThat(level.remarks()).hasSize(cache ? 1 : 0);
    }

    @Test
    void aServerThatHasBecomeFasterForNewTextsTooIsNoCache() {
        assertThat(with(answers(100, 2000), NOTHING, again(20, 500, 510)).remarks())
                .isEmpty();
    }

    @Test
    void theRemarkOnACacheHasBothMedians() {
        assertThat(with(answers(100, 2000), NOTHING, again(20, 500, 2000)).remarks())
                .containsExactly("a cache: texts that were sent before took 0.500 ms (p50), new ones at the same time"
                        + " 2.000 ms; the numbers are those of new texts");
    }

    @Test
    void answersThatDifferedWhenSentAgainAreAReason() {
        RepeatsSeen differing = new RepeatsSeen(300, 2, new Histogram(3), new Histogram(3));
        assertThat(with(answers(100, 2000), NOTHING, differing).failures())
                .containsExactly("2 of 300 answers differed when their texts were sent again");
    }

    @Test
    void whatTheRequestsSentAloneShowIsAReasonEach() {
        assertThat(with(answers(100, 2000), NOTHING, again(0, 0, 0), "all alike", "rotated")
                        .failures())
                .containsExactly(
                        "wrong answers to requests sent alone: all alike",
                        "wrong answers to requests sent alone: rotated");
    }

    @Test
    void aRequestThatIsUnaccountedForIsAReason() {
        assertThat(with(answers(100, 2000), new Ledger(105, 0, 100, 4, 0), again(0, 0, 0))
                        .failures())
                .containsExactly("1 requests are unaccounted for: a fault of nimload");
    }

    @Test
    void requestsThatWereWrittenTwiceAreARemark() {
        LoadPointResult level = with(answers(100, 2000), new Ledger(100, 0, 100, 0, 3), again(0, 0, 0));
        assertThat(level.reasonsAgainst()).isEmpty();
        assertThat(level.remarks())
                .containsExactly(
                        "3 requests were written twice: the server had closed their connections while they were idle");
    }

    @Test
    void failuresThatOnlyReadingInFullShowedAreNamedApart() {
        RecordedLevel level = answers(200, 2000).failures(2, 2000, ErrorKind.http(503), "busy");
        level.recorder().success(0, 2_000_000, OptionalLong.of(20), true, 0);
        level.recorder().failure(0, ErrorKind.WRONG_ANSWER, "vector 0 has length 2", true);
        level.recorder().failure(0, ErrorKind.WRONG_ANSWER, "of another model", false);
        assertThat(level.result(QUERY).failures())
                .containsExactly(
                        "3 of 205 requests failed: http 503 ×2, wrong answer ×1",
                        "1 of 2 answers that were read in full were wrong: wrong answer ×1");
    }

    @Test
    void p99IfUsersDidNotWaitShowsAPauseThatOneRequestMet() {
        LevelSamples samples = answers(1000, 10_000).answers(1, 2_000_000).samples();
        // The pause stands for 199 more requests of 10 ms to 1.99 s: of 1,200, the twelfth from above.
        assertThat(samples.p99IfUsersDidNotWaitMillis().orElseThrow()).isCloseTo(1890, within(11.0));
        assertThat(samples.percentileMillis(Percentile.P99)).hasValue(10);
    }

    @Test
    void p99IfUsersDidNotWaitIsAbsentWhereItIsWithin10PerCentOfP99() {
        assertThat(answers(1000, 10_000).samples().p99IfUsersDidNotWaitMillis()).isEmpty();
        assertThat(new RecordedLevel()
                        .answers(LongStream.range(0, 1000).map(i -> i % 20 == 0 ? 19_000 : 10_000))
                        .samples()
                        .p99IfUsersDidNotWaitMillis())
                .as("each long answer delayed nobody by a whole turn")
                .isEmpty();
        // Corrected, it is 31.2 ms: two of the five requests that the longest answer stands for are above p99.
        RecordedLevel slightly = answers(979, 10_000)
                .answers(LongStream.range(0, 20).map(i -> 30_000 + 100 * i))
                .answers(1, 60_000);
        assertThat(slightly.samples().percentileMillis(Percentile.P99)).hasValue(31);
        assertThat(slightly.samples().p99IfUsersDidNotWaitMillis()).isEmpty();
        assertThat(answers(99, 10_000).samples().p99IfUsersDidNotWaitMillis())
                .as("too few samples")
                .isEmpty();
    }

    @Test
    void aLongAnswerStandsForFewerRequestsWhereUsersPause() {
        RecordedLevel busy = answers(1000, 10_000).answers(1, 2_000_000);
        RecordedLevel pausing = answers(1000, 10_000).answers(1, 2_000_000);
        for (int i = 0; i < 1000; i++) {
            pausing.recorder().gap(190_000_000);
        }
        assertThat(busy.samples().p99IfUsersDidNotWaitMillis()).isPresent();
        assertThat(pausing.samples().p99IfUsersDidNotWaitMillis())
                .as("9 more requests of 1,010")
                .isEmpty();
    }
}
