package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that Gatling writes a second time. The user's time is made up; it sends the requests that are sent alone. */
@Timeout(60)
class VirtualUserTest {
    private final CompletableFuture<LoadPointResult> closed = new CompletableFuture<>();
    private final LevelPlan plan = MadeLevel.plan(1, MadeLevel.times(1));
    private final RunThreads threads = MadeLevel.threads();

    private final Level level = new Level(
            plan,
            new Phase() {
                @Override
                public List<LevelPlan> plans() {
                    return List.of(plan);
                }

                @Override
                public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
                    closed.complete(result);
                }
            },
            new Host(
                    Map.of(),
                    Map.of(),
                    Clock.systemUTC(),
                    false,
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)),
            threads,
            1);

    private long now = System.nanoTime();
    private final VirtualUser user = new VirtualUser(level, 0, Runnable::run, () -> now);
    private int answers;

    @BeforeEach
    void openLevel() {
        user.openLevel();
    }

    @AfterEach
    void stop() {
        threads.stalls().close();
        threads.watches().shutdown();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void send() {
        user.nextBody();
        user.sent();
    }

    private void answer() {
        user.answered(200, name -> null, () -> MadeLevel.answer(answers++));
        user.settle();
    }

    private LevelSamples leave() throws Exception {
        user.leave();
        return closed.get(30, TimeUnit.SECONDS).samples();
    }

    @ParameterizedTest(name = "idle for {0} ns, written again after {1} ns")
    @CsvSource({
        "50000000, 5000000, true",
        "49999999, 5000000, false",
        "50000000, 5000001, false",
        "49000000, 5000000, false",
        "50000000, 6000000, false"
    })
    void aRequestMayBeWrittenASecondTimeOnlyWhereItsConnectionWasClosedWhileIdle(
            long idleNanos, long againNanos, boolean allowed) throws Exception {
        send();
        answer();
        pass(Duration.ofNanos(idleNanos));
        send();
        pass(Duration.ofNanos(againNanos));
        if (allowed) {
            user.sent();
            answer();
        } else {
            assertThatThrownBy(user::sent).hasMessage("the connection broke before the answer was whole");
            user.settle();
        }
        LevelSamples samples = leave();
        assertThat(samples.ledger().sent()).isEqualTo(2);
        assertThat(samples.ledger().sentAgain()).isEqualTo(allowed ? 1 : 0);
        assertThat(samples.ledger().unaccounted()).isZero();
        assertThat(samples.failures().uncounted()).isEqualTo(allowed ? Map.of() : Map.of("connection", 1L));
        assertThat(user.failed()).isNotEqualTo(allowed);
    }

    @Test
    void aUsersFirstConnectionWasNeverIdle() {
        send();
        assertThatThrownBy(user::sent).hasMessage("the connection broke before the answer was whole");
    }

    /** The connection of the second time is a new one. */
    @Test
    void noRequestIsWrittenAThirdTime() throws Exception {
        send();
        answer();
        pass(Duration.ofSeconds(5));
        send();
        assertThatCode(user::sent).doesNotThrowAnyException();
        assertThatThrownBy(user::sent).hasMessage("the connection broke before the answer was whole");
        user.settle();
        assertThat(leave().ledger().sentAgain()).isEqualTo(1);
    }

    @Test
    void theNextRequestMayBeWrittenAgainToo() throws Exception {
        for (int i = 0; i < 2; i++) {
            pass(Duration.ofSeconds(5));
            send();
            if (i > 0) {
                user.sent();
            }
            answer();
        }
        user.warmsUp();
        pass(Duration.ofSeconds(5));
        send();
        user.sent();
        answer();
        LevelSamples samples = leave();
        assertThat(samples.ledger().sentAgain()).isEqualTo(2);
        assertThat(samples.ledger().failed()).isZero();
    }

    @Test
    void aCountedRequestWhoseConnectionBreaksIsOneConnectionErrorAndInNoLatency() throws Exception {
        while (user.sendsAlone() || user.warmsUp()) {
            send();
            answer();
        }
        assertThat(user.measures()).isTrue();
        send();
        pass(Duration.ofMillis(20));
        assertThatThrownBy(user::sent).hasMessage("the connection broke before the answer was whole");
        user.settle();
        assertThat(user.measures()).isTrue();
        send();
        pass(Duration.ofMillis(10));
        answer();
        LevelSamples samples = leave();
        assertThat(samples.failures().errors()).isEqualTo(Map.of("connection", 1L));
        assertThat(samples.failures().firstErrors()).containsEntry("connection", "broken before the answer was whole");
        assertThat(samples.failures().uncounted()).isEmpty();
        assertThat(samples.successes()).isEqualTo(1);
        assertThat(samples.maxMillis()).hasValue(10);
        assertThat(samples.ledger().sentAgain()).isZero();
        assertThat(samples.ledger().unaccounted()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"60000, timeout, no answer", "59999, connection, broken before the answer was whole"})
    void aRequestWithoutAnAnswerIsATimeoutFromTheTimeoutOn(long millis, String kind, String detail) throws Exception {
        send();
        pass(Duration.ofMillis(millis));
        user.settle();
        assertThat(leave().failures().firstErrors()).isEqualTo(Map.of(kind, detail));
    }

    @Test
    void aRequestThatCouldNotBeWrittenWasNotSent() throws Exception {
        user.nextBody();
        pass(Duration.ofMillis(1));
        user.settle();
        LevelSamples samples = leave();
        assertThat(samples.failures().firstErrors()).isEqualTo(Map.of("connection", "not established"));
        assertThat(samples.ledger().sent()).isZero();
        assertThat(samples.ledger().notSent()).isEqualTo(1);
        assertThat(samples.ledger().unaccounted()).isZero();
    }
}
