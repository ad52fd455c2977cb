package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import nimload.measure.LevelSamples;
import nimload.plan.Setting;
import nimload.plan.SettingValues.Given;
import nimload.plan.Share;
import nimload.results.Ledger;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.Body.Arrangement;
import nimload.run.References.Reference;
import nimload.run.RequestInFlight.End;
import nimload.run.RequestInFlight.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are ms after the level's start. */
class LevelRequestsTest {
    private final RunThreads threads = MadeLevel.threads();
    private final long start = System.nanoTime();

    @AfterEach
    void stop() {
        threads.stalls().close();
        threads.watches().shutdown();
    }

    private LevelRequests requests(int concurrency) {
        return requests(MadeLevel.plan(concurrency, MadeLevel.times(10)));
    }

    private LevelRequests requests(LevelPlan plan) {
        return new LevelRequests(
                plan,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                threads,
                new LevelWatches(List.of(), threads.watches()));
    }

    private long nanos(double millis) {
        return start + Math.round(millis * 1e6);
    }

    private RequestInFlight send(LevelRequests requests, Stage stage, double millis) {
        return send(requests, requests.next(stage, Optional.empty(), nanos(millis)), millis);
    }

    private RequestInFlight send(LevelRequests requests, RequestInFlight prepared, double millis) {
        requests.sent(0, nanos(millis));
        return prepared.sent(nanos(millis), requests.stalledNanos());
    }

    private Outcome answer(LevelRequests requests, RequestInFlight sent, double millis, int status, byte[] body) {
        Supplier<Outcome> check = requests.check(sent, status, true, body);
        Outcome outcome = check.get();
        RequestInFlight ended = sent.ended(
                new End(nanos(millis), OptionalLong.empty(), body.length, check, Optional.of(outcome)),
                requests.stalledNanos());
        requests.ended(0, ended);
        requests.record(0, ended, outcome);
        return outcome;
    }

    private Outcome right(LevelRequests requests, RequestInFlight sent, double millis) {
        return answer(requests, sent, millis, 200, MadeLevel.answer(sent.body().number()));
    }

    private void fail(LevelRequests requests, Stage stage, double millis) {
        answer(requests, send(requests, stage, millis), millis, 500, new byte[0]);
    }

    @Test
    void theLedgerHoldsEveryRequestAndAddsUp() {
        LevelRequests requests = requests(1);
        for (Reference reference : requests.references()) {
            right(requests, send(requests, requests.alone(reference, nanos(0)), 0), 1);
        }
        right(requests, send(requests, Stage.WARM_UP, 2), 3);
        fail(requests, Stage.WARM_UP, 4);
        requests.windowOpens(nanos(10));
        right(requests, send(requests, Stage.MEASUREMENT, 10), 11);
        RequestInFlight neverSent = requests.next(Stage.MEASUREMENT, Optional.empty(), nanos(12))
                .unanswered(nanos(13), MadeLevel.TIMEOUT, requests.stalledNanos());
        requests.ended(0, neverSent);
        requests.record(0, neverSent, neverSent.end().orElseThrow().outcome().orElseThrow());
        RequestInFlight inFlight = send(requests, Stage.MEASUREMENT, 14);
        assertThat(requests.samples().ledger()).isEqualTo(new Ledger(6, 1, 4, 2, 0));
        assertThat(requests.samples().ledger().unaccounted()).isEqualTo(1);
        requests.windowCloses(nanos(15));
        right(requests, inFlight, 16);
        right(requests, send(requests, Stage.COOL_DOWN, 17), 18);
        assertThat(requests.samples().ledger()).isEqualTo(new Ledger(7, 1, 6, 2, 0));
        assertThat(requests.samples().ledger().unaccounted()).isZero();
    }

    @Test
    void aCountedRequestThatEndsAfterTheWindowCountsAndTheLevelWaitsForIt() {
        LevelRequests requests = requests(2);
        requests.windowOpens(nanos(0));
        right(requests, send(requests, Stage.MEASUREMENT, 0), 10);
        RequestInFlight slow = send(requests, Stage.MEASUREMENT, 900);
        requests.windowCloses(nanos(1000));
        assertThat(requests.cooledDown(nanos(1200))).as("one is in flight").isFalse();
        right(requests, slow, 1100);
        assertThat(requests.cooledDown(nanos(1200))).isTrue();
        LevelSamples samples = requests.samples();
        assertThat(samples.successes()).isEqualTo(2);
        assertThat(samples.maxMillis()).hasValue(200);
        assertThat(samples.windowNanos()).isEqualTo(1_000_000_000);
        assertThat(samples.requestsPerSecond()).hasValue(2);
        assertThat(samples.achievedConcurrency().orElseThrow()).isEqualTo(0.11);
    }

    @Test
    void bytesAreThoseOfCountedRequestsWithRightAnswers() {
        LevelRequests requests = requests(1);
        right(requests, send(requests, Stage.WARM_UP, 0), 1);
        requests.windowOpens(nanos(10));
        RequestInFlight one = send(requests, Stage.MEASUREMENT, 10);
        right(requests, one, 11);
        fail(requests, Stage.MEASUREMENT, 12);
        RequestInFlight other = send(requests, Stage.MEASUREMENT, 14);
        right(requests, other, 15);
        requests.windowCloses(nanos(20));
        assertThat(requests.samples().sizes().requestBytes())
                .isEqualTo(one.body().bytes().length + other.body().bytes().length);
        assertThat(requests.samples().sizes().answerBytes())
                .isEqualTo(MadeLevel.answer(one.body().number()).length
                        + MadeLevel.answer(other.body().number()).length);
    }

    @Test
    void requestsBeforeAndAfterTheWindowAreInNoLatencyAndNoRate() {
        LevelRequests requests = requests(1);
        right(requests, send(requests, Stage.WARM_UP, 0), 500);
        RequestInFlight across = send(requests, Stage.WARM_UP, 900);
        requests.windowOpens(nanos(1000));
        right(requests, across, 1300);
        right(requests, send(requests, Stage.MEASUREMENT, 1400), 1410);
        requests.windowCloses(nanos(2000));
        right(requests, send(requests, Stage.COOL_DOWN, 2000), 2700);
        fail(requests, Stage.COOL_DOWN, 2800);
        LevelSamples samples = requests.samples();
        assertThat(samples.successes()).isEqualTo(1);
        assertThat(samples.minMillis()).hasValue(10);
        assertThat(samples.maxMillis()).hasValue(10);
        assertThat(samples.requestsPerSecond()).hasValue(1);
        assertThat(samples.errorCount()).isZero();
        assertThat(samples.failures().uncounted()).isEqualTo(Map.of("http 500", 1L));
    }

    @Test
    void noBodyIsSentTwiceInWarmUpAndWindow() {
        LevelRequests requests = requests(1);
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            numbers.add(requests.next(i < 1000 ? Stage.WARM_UP : Stage.MEASUREMENT, Optional.empty(), nanos(i))
                    .body()
                    .number());
        }
        assertThat(numbers).hasSize(5000);
    }

    @Test
    void everySixtyFourthAnswerIsReadInFull() {
        LevelRequests requests = requests(1);
        assertThat(IntStream.range(0, 200)
                        .filter(i -> requests.next(Stage.MEASUREMENT, Optional.empty(), nanos(i))
                                .readInFull()))
                .containsExactly(0, 64, 128, 192);
    }

    @Test
    void onlyAnswersOfWhichEveryValueWasReadAreCountedAsReadInFull() {
        LevelRequests requests = requests(1);
        requests.windowOpens(nanos(0));
        RequestInFlight unanswered = requests.next(Stage.MEASUREMENT, Optional.empty(), nanos(1));
        assertThat(unanswered.readInFull()).isTrue();
        unanswered = unanswered.unanswered(nanos(2), MadeLevel.TIMEOUT, requests.stalledNanos());
        requests.ended(0, unanswered);
        requests.record(0, unanswered, unanswered.end().orElseThrow().outcome().orElseThrow());
        assertThat(requests.samples().valuesChecked()).isZero();
    }

    @Test
    void measuredBodiesAreSentAgainAfterTheWindowForAsLongAsPlannedAndNotCounted() {
        LevelRequests requests = requests(1);
        requests.windowOpens(nanos(0));
        for (int i = 0; i < 4; i++) {
            right(requests, send(requests, Stage.MEASUREMENT, i * 10), i * 10 + 5);
        }
        requests.windowCloses(nanos(1000));
        assertThat(requests.cooledDown(nanos(1000))).as("four to compare").isFalse();
        RequestInFlight first = send(requests, Stage.COOL_DOWN, 1000);
        assertThat(first.again()).isTrue();
        assertThat(first.body().number()).isEqualTo(References.NUMBERS);
        assertThat(first.body().arrangement()).isEqualTo(Arrangement.WHOLE);
        assertThat(right(requests, first, 1002).right()).isTrue();
        RequestInFlight second = send(requests, Stage.COOL_DOWN, 1010);
        assertThat(answer(requests, second, 1012, 200, MadeLevel.answer(77)).failure())
                .hasValueSatisfying(
                        failure -> assertThat(failure.detail()).startsWith("text 0 got another vector than the first"));
        RequestInFlight late = send(requests, Stage.COOL_DOWN, 1200);
        assertThat(late.again()).as("200 ms are over").isFalse();
        right(requests, late, 1201);
        assertThat(requests.cooledDown(nanos(1199.999))).isFalse();
        assertThat(requests.cooledDown(nanos(1200))).isTrue();
        LevelSamples samples = requests.samples();
        assertThat(samples.repeats().compared()).isEqualTo(2);
        assertThat(samples.repeats().differing()).isEqualTo(1);
        assertThat(samples.repeats().latencyMicros().getTotalCount()).isEqualTo(1);
        assertThat(samples.repeats().latencyMicros().getMaxValue()).isEqualTo(2000);
        assertThat(samples.successes()).isEqualTo(4);
        assertThat(samples.errorCount()).isZero();
    }

    @Test
    void measuredEnoughIsSoManyRightAnswers() {
        LevelRequests requests = requests(1);
        requests.windowOpens(nanos(0));
        fail(requests, Stage.MEASUREMENT, 0);
        for (int i = 0; i < 9; i++) {
            right(requests, send(requests, Stage.MEASUREMENT, i), i + 1);
        }
        assertThat(requests.measuredEnough(0)).isFalse();
        right(requests, send(requests, Stage.MEASUREMENT, 20), 21);
        assertThat(requests.measuredEnough(0)).isTrue();
    }

    @Test
    void twentyFailuresInARowAndThreeSecondsAreHopeless() {
        LevelRequests requests = requests(30);
        right(requests, send(requests, Stage.WARM_UP, 0), 100);
        for (int i = 0; i < 19; i++) {
            fail(requests, Stage.WARM_UP, 200);
        }
        assertThat(requests.hopeless(nanos(3100))).as("19 failures").isFalse();
        fail(requests, Stage.WARM_UP, 200);
        assertThat(requests.hopeless(nanos(3100) - 1)).isFalse();
        assertThat(requests.hopeless(nanos(3100))).isTrue();
        right(requests, send(requests, Stage.WARM_UP, 3000), 3100);
        assertThat(requests.hopeless(nanos(9000))).as("one was right").isFalse();
    }

    @Test
    void oneFailureOfEachUserAndTheTimeOfATimeoutAreHopeless() {
        LevelRequests requests = requests(2);
        right(requests, send(requests, Stage.WARM_UP, 0), 100);
        fail(requests, Stage.WARM_UP, 200);
        assertThat(requests.hopeless(nanos(60_100))).as("one of two users").isFalse();
        fail(requests, Stage.WARM_UP, 200);
        assertThat(requests.hopeless(nanos(60_100) - 1)).isFalse();
        assertThat(requests.hopeless(nanos(60_100))).isTrue();
    }

    @Test
    void theAnswerToAnothersTextIsAWrongAnswerInTheWarmUpToo() {
        LevelRequests requests = requests(1);
        RequestInFlight one = send(requests, Stage.WARM_UP, 0);
        RequestInFlight two = send(requests, Stage.WARM_UP, 0);
        right(requests, one, 1);
        assertThat(answer(requests, two, 1, 200, MadeLevel.answer(one.body().number()))
                        .failure())
                .hasValueSatisfying(
                        failure -> assertThat(failure.detail()).isEqualTo("the answer to another request's text"));
    }

    /** Which of its answers is whose cannot be told, and one reason is enough. */
    @Test
    void aServerOfOneVectorForAllIsFoundBeforeTheLoadAndNotOnceMoreForEachAnswer() {
        LevelRequests requests = requests(1);
        for (Reference reference : requests.references()) {
            answer(requests, send(requests, requests.alone(reference, nanos(0)), 0), 1, 200, MadeLevel.answer(0));
        }
        requests.windowOpens(nanos(2));
        for (int i = 0; i < 3; i++) {
            RequestInFlight sent = send(requests, Stage.MEASUREMENT, 2);
            assertThat(answer(requests, sent, 3, 200, MadeLevel.answer(0)).right())
                    .isTrue();
        }
        assertThat(requests.samples().findings().wrongAlone()).containsExactly("different texts got the same vector");
    }

    @Test
    void everyFourthAfterTheWindowIsNewAndItsLatencyIsKeptApart() {
        LevelRequests requests = requests(1);
        requests.windowOpens(nanos(0));
        for (int i = 0; i < 8; i++) {
            right(requests, send(requests, Stage.MEASUREMENT, i), i + 1);
        }
        requests.windowCloses(nanos(1000));
        for (int i = 1; i <= 8; i++) {
            RequestInFlight sent = send(requests, Stage.COOL_DOWN, 1000 + 10 * i);
            assertThat(sent.again()).isEqualTo(i % 4 != 0);
            right(requests, sent, 1000 + 10 * i + (sent.again() ? 2 : 3));
        }
        assertThat(requests.samples().repeats().latencyMicros().getTotalCount()).isEqualTo(6);
        assertThat(requests.samples().repeats().newMicros().getTotalCount()).isEqualTo(2);
        assertThat(requests.samples().repeats().newMicros().getMinValue()).isEqualTo(3000);
    }

    /** A NIM that restarts with another model in the warm-up: the window alone shows nothing. */
    @Test
    void whatWasSentAloneIsSentAgainAfterTheWindowAndCompared() {
        LevelRequests requests = requests(1);
        for (Reference reference : requests.references()) {
            right(requests, send(requests, requests.alone(reference, nanos(0)), 0), 1);
        }
        requests.windowOpens(nanos(10));
        requests.windowCloses(nanos(1010));
        RequestInFlight again = send(requests, Stage.COOL_DOWN, 1011);
        assertThat(again.body().number()).isZero();
        answer(requests, again, 1012, 200, MadeLevel.answer(700));
        assertThat(requests.samples().repeats().differing()).isEqualTo(1);
    }

    @Test
    void theTimeToCompareGrowsWithTheWindow() {
        LevelRequests requests = requests(1);
        requests.windowOpens(nanos(0));
        for (int i = 0; i < 3; i++) {
            right(requests, send(requests, Stage.MEASUREMENT, i), i + 1);
        }
        requests.windowCloses(nanos(2000));
        assertThat(requests.cooledDown(nanos(2399)))
                .as("a fifth of 2 s, not of the planned 1 s")
                .isFalse();
        assertThat(requests.cooledDown(nanos(2400))).isTrue();
    }

    /** Of a file of ten lines. */
    @ParameterizedTest
    @CsvSource({"1, 10, 0", "1, 11, 2", "2, 5, 0", "2, 6, 2", "4, 2, 0", "4, 3, 2", "4, 5, 2", "4, 6, 3"})
    void ownTextsThatAllGeneratorsTogetherSendAgainAreRemarked(
            int generators, int bodies, int times, @TempDir Path directory) throws IOException {
        List<String> lines =
                IntStream.range(0, 10).mapToObj(line -> "line " + line).toList();
        Path file = Files.write(directory.resolve("ten.txt"), lines);
        TextFile own = TextFile.read(new Given(Setting.TEXTS, file.toString(), "nim.texts"), Set.of(1));
        LevelRequests requests = requests(MadeLevel.ofOwnTexts(own, new Share(1, generators)));
        // Those that one user sends alone count too.
        for (int body = References.NUMBERS; body < bodies; body++) {
            requests.nextBody();
        }
        assertThat(requests.samples().findings().remarks())
                .isEqualTo(
                        times == 0
                                ? List.of()
                                : List.of("texts were sent again: ten.txt has 10 lines, and each was sent up to "
                                        + times + " times, so a cache may know them"));
    }
}
