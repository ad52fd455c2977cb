package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.plan.Load;
import nimload.plan.Share;
import nimload.run.LevelPlan.Times;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The part of one of two generators, without a server. */
@Timeout(60)
class OpenLevelOfSeveralTest {
    private static final Duration WINDOW = Duration.ofMillis(100);

    private final CompletableFuture<LoadPointResult> closed = new CompletableFuture<>();
    private final RunThreads threads = MadeLevel.threads();

    /** A request each 1000 s, of this generator. */
    private final Phase phase = new Phase() {
        @Override
        public List<LevelPlan> plans() {
            return List.of(MadeLevel.of(
                    new Share(1, 2), Load.constant(0.002), Times.fixed(Duration.ZERO, WINDOW, Duration.ofSeconds(5))));
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

    @AfterEach
    void stop() {
        threads.stalls().close();
        threads.watches().shutdown();
    }

    @Test
    void windowIsAsLongAsPlannedWhenTheNextRequestWouldArriveLongAfterIt() throws Exception {
        Host host = new Host(
                Map.of(),
                Map.of(),
                Clock.systemUTC(),
                false,
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        VirtualUser user = new VirtualUser(phase.levels(host, threads).get(0), 0, Runnable::run, System::nanoTime);
        user.openLevel();
        CompletableFuture<Boolean> arrives = new CompletableFuture<>();
        user.awaitArrival(() -> arrives.complete(user.arrives()));
        assertThat(arrives.get(30, TimeUnit.SECONDS)).as("the first").isTrue();
        user.nextBody();
        user.sent();
        user.answered(200, name -> null, () -> MadeLevel.answer(0));
        user.settle();
        CompletableFuture<Boolean> goesOn = new CompletableFuture<>();
        user.awaitArrival(() -> goesOn.complete(user.arrives()));
        assertThat(goesOn.get(30, TimeUnit.SECONDS)).as("the level").isFalse();
        user.leave();

        LevelSamples samples = closed.get(30, TimeUnit.SECONDS).samples();
        assertThat(samples.windowNanos()).isGreaterThanOrEqualTo(WINDOW.toNanos());
        assertThat(samples.successes()).isEqualTo(1);
    }
}
