package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One user of one level, driven as a simulation drives it, without a server. The user's time is made up; only the JVM's
 * compiler, which the warm-up waits for, has its own.
 */
@Timeout(60)
class LevelTest {
    private static final Duration ANSWER = Duration.ofMillis(10);
    private static final Duration GAP = Duration.ofMillis(1);

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final CompletableFuture<LoadPointResult> closed = new CompletableFuture<>();
    private final LevelPlan plan = MadeLevel.plan(1, MadeLevel.times(1));
    private final RunThreads threads = MadeLevel.threads();

    private final Phase phase = new Phase() {
        @Override
        public List<LevelPlan> plans() {
            return List.of(plan);
        }

        @Override
        public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
            closed.complete(result);
        }
    };

    private final Level level = phase.levels(
                    new Host(
                            Map.of(),
                            Map.of(),
                            Clock.systemUTC(),
                            false,
                            new PrintStream(console, true, StandardCharsets.UTF_8)),
                    threads)
            .get(0);

    private long now = System.nanoTime();
    private final VirtualUser user = new VirtualUser(level, 0, Runnable::run, () -> now);
    private int answers;

    @AfterEach
    void stop() {
        threads.stalls().close();
        threads.watches().shutdown();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void openAndSendAlone() {
        user.openLevel();
        while (user.sendsAlone()) {
            exchange();
        }
    }

    private void warmUp() {
        openAndSendAlone();
        while (user.warmsUp()) {
            exchange();
        }
    }

    private void exchange() {
        pass(GAP);
        user.nextBody();
        user.sent();
        pass(ANSWER);
        answer(MadeLevel.answer(answers++));
        assertThat(user.problem()).isEmpty();
        user.settle();
    }

    private void answer(byte[] body) {
        user.answered(200, name -> null, () -> body);
    }

    /** Until the level is over. */
    private LevelSamples finish() throws Exception {
        while (user.measures()) {
            exchange();
        }
        while (user.coolsDown()) {
            pass(GAP);
            user.nextBody();
            user.sent();
            pass(ANSWER);
            answer(MadeLevel.bytes("{'data':[{'index':0,'embedding':[2," + answers++ + "]}]}"));
            user.settle();
        }
        user.leave();
        return closed.get(30, TimeUnit.SECONDS).samples();
    }

    @Test
    void onlyTheMeasurementIsCountedAndTheLevelIsAnnounced() throws Exception {
        assertThat(user.opensLevel()).isTrue();
        warmUp();
        assertThat(user.measures()).isTrue();
        long before = now;
        LevelSamples samples = finish();
        assertThat(user.failed())
                .as("every answer of the cool-down was another one")
                .isTrue();
        // One request each 11 ms, of which the 91st is the first after 1 s.
        assertThat(samples.successes()).isEqualTo(91);
        assertThat(samples.windowNanos()).isEqualTo(91 * GAP.plus(ANSWER).toNanos());
        assertThat(samples.requestsPerSecond().orElseThrow()).isCloseTo(1000 / 11.0, within(1e-9));
        assertThat(samples.tokens()).hasValue(91 * 20);
        assertThat(samples.minMillis()).hasValue(10);
        assertThat(samples.maxMillis()).hasValue(10);
        assertThat(samples.meanGapNanos()).hasValue(GAP.toNanos());
        assertThat(samples.valuesChecked()).isBetween(1L, 2L);
        assertThat(samples.ledger().unaccounted()).isZero();
        assertThat(samples.ledger().sent()).isEqualTo(answers);
        assertThat(now - before).isGreaterThan(samples.windowNanos());
        assertThat(console.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("announced");
    }

    @Test
    void answersThatDifferWhenTheirTextsAreSentAgainAreCountedAsDiffering() throws Exception {
        warmUp();
        LevelSamples samples = finish();
        // 200 ms of one request each 11 ms, every fourth of them new
        assertThat(samples.repeats().compared()).isEqualTo(15);
        assertThat(samples.repeats().differing()).isEqualTo(15);
        assertThat(samples.failures().uncounted()).isEqualTo(Map.of("wrong answer", 15L));
        assertThat(samples.failures().errors()).isEmpty();
    }

    @Test
    void anAnswerThatAnotherTextGotIsAWrongAnswer() throws Exception {
        warmUp();
        exchangeWith(MadeLevel.answer(answers - 1));
        assertThat(user.failed())
                .as("checked while the next request is under way")
                .isFalse();
        LevelSamples samples = finish();
        assertThat(samples.failures().errors()).isEqualTo(Map.of("wrong answer", 1L));
        assertThat(samples.failures().firstErrors())
                .containsEntry("wrong answer", "the answer to another request's text");
    }

    private void exchangeWith(byte[] body) {
        assertThat(user.measures()).isTrue();
        user.nextBody();
        user.sent();
        pass(ANSWER);
        answer(body);
        user.settle();
    }

    @Test
    void aRequestThatIsNotAnsweredIsAConnectionErrorAndTheNextOneHasNoGap() throws Exception {
        warmUp();
        assertThat(user.measures()).isTrue();
        user.nextBody();
        pass(Duration.ofMillis(500));
        user.settle();
        assertThat(user.failed()).isTrue();
        pass(Duration.ofMillis(490));
        exchange();
        LevelSamples samples = finish();
        assertThat(samples.failures().errors()).isEqualTo(Map.of("connection", 1L));
        assertThat(samples.failures().firstErrors()).containsEntry("connection", "not established");
        assertThat(samples.ledger().notSent()).isEqualTo(1);
        assertThat(samples.ledger().unaccounted()).isZero();
        // The level waits for one right answer, and the first is checked while the second request is under way.
        assertThat(samples.successes()).isEqualTo(2);
    }

    @Test
    void aLargeAnswerIsCheckedBeforeTheLevelCloses() throws Exception {
        warmUp();
        assertThat(user.measures()).isTrue();
        user.nextBody();
        user.sent();
        pass(Duration.ofSeconds(5));
        answer(MadeLevel.bytes("{'data':[" + " ".repeat(64 << 10) + "]]"));
        assertThat(user.problem()).as("not checked yet").isEmpty();
        user.settle();
        assertThat(finish().failures().errors()).isEqualTo(Map.of("malformed", 1L));
        assertThat(user.failed()).as("found late").isTrue();
        assertThat(user.failed()).as("reported once").isFalse();
    }

    @Test
    void aUserWhoseServerOnlyFailsLeavesAfter20FailuresAnd3Seconds() throws Exception {
        openAndSendAlone();
        int failures = 0;
        while (user.warmsUp() || user.measures()) {
            user.nextBody();
            user.sent();
            pass(Duration.ofMillis(100));
            user.answered(500, name -> null, () -> new byte[0]);
            user.settle();
            failures++;
        }
        assertThat(user.coolsDown()).isFalse();
        assertThat(failures).isEqualTo(30);
        user.leave();
        LoadPointResult result = closed.get(30, TimeUnit.SECONDS);
        assertThat(result.samples().successes()).isZero();
        assertThat(result.samples().ledger().failed()).isEqualTo(30);
        assertThat(result.samples().ledger().unaccounted()).isZero();
    }
}
