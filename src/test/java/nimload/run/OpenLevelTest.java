package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.measure.ResponseSamples;
import nimload.plan.Load;
import nimload.run.LevelPlan.Times;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One user of a level at which a request arrives each millisecond, without a server. */
@Timeout(60)
class OpenLevelTest {
    private static final Duration WINDOW = Duration.ofMillis(60);
    private static final Duration TIMEOUT = Duration.ofMillis(5);

    private final CompletableFuture<LoadPointResult> closed = new CompletableFuture<>();
    private final RunThreads threads = MadeLevel.threads();
    private int answers;

    private final Phase phase = new Phase() {
        @Override
        public List<LevelPlan> plans() {
            LevelPlan closed = MadeLevel.plan(1, Times.fixed(Duration.ZERO, WINDOW, TIMEOUT));
            return List.of(new LevelPlan(
                    closed.name(),
                    Optional.empty(),
                    closed.point().at(Load.constant(1000)),
                    closed.servers(),
                    closed.balancer(),
                    closed.series(),
                    closed.requests(),
                    closed.expected(),
                    closed.times(),
                    closed.headers()));
        }

        @Override
        public Function<Duration, BooleanSupplier> warmUp(LevelPlan plan) {
            return patience -> () -> false;
        }

        @Override
        public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
            closed.complete(result);
        }
    };

    private final VirtualUser user = phase.levels(
                    new Host(
                            Map.of(),
                            Map.of(),
                            Clock.systemUTC(),
                            false,
                            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)),
                    threads)
            .get(0)
            .newUser(Runnable::run);

    @AfterEach
    void stop() {
        threads.stalls().close();
        threads.watches().shutdown();
    }

    private void exchange() {
        user.nextBody();
        user.sent();
        user.answered(200, name -> null, () -> MadeLevel.answer(answers++));
        user.settle();
    }

    private boolean next() {
        CompletableFuture<Void> come = new CompletableFuture<>();
        user.awaitArrival(() -> come.complete(null));
        come.join();
        return user.arrives();
    }

    @Test
    void whatHasWaitedLongerThanTheRequestTimeoutIsNotSentAndALevelThatHadSuchMayNotBeQuoted() throws Exception {
        user.openLevel();
        while (user.sendsAlone()) {
            exchange();
        }
        while (next() && !user.counts()) {
            exchange();
        }
        long busyUntil = System.nanoTime() + WINDOW.toNanos();
        while (System.nanoTime() - busyUntil < 0) {
            Thread.onSpinWait();
        }
        exchange();
        while (next()) {
            exchange();
        }
        user.leave();

        LoadPointResult result = closed.get(30, TimeUnit.SECONDS);
        ResponseSamples open = result.samples().responses().orElseThrow();
        assertThat(open.arrivals()).isEqualTo(60);
        assertThat(open.notSent()).isPositive();
        assertThat(result.samples().successes()).isEqualTo(60 - open.notSent());
        assertThat(result.failures())
                .containsExactly(open.notSent() + " of 60 requests were not sent: they had waited for longer than"
                        + " nim.requestTimeout, or the level ended");
    }
}
