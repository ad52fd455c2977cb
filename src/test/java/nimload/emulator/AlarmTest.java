package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final Alarm alarm = new Alarm(loop);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(1, TimeUnit.MINUTES);
    }

    /** @return nanoseconds from the due time to the task, empty if it did not run before {@link Alarm#at} returned */
    private CompletableFuture<Long> at(long nanosFromNow) {
        CompletableFuture<Long> late = new CompletableFuture<>();
        long due = System.nanoTime() + nanosFromNow;
        alarm.at(due, () -> late.complete(System.nanoTime() - due));
        return late;
    }

    @Test
    void aPastTimeRunsTheTaskAtOnce() throws Exception {
        assertThat(onLoop(() -> at(-1_000_000_000)).getNow(-1L)).isGreaterThanOrEqualTo(1_000_000_000);
    }

    /** Too near for a timer. */
    @Test
    void aTimeWithin120MicrosecondsIsSpunFor() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(onLoop(() -> at(100_000)).getNow(-1L)).isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    void aLaterTimeLeavesTheLoopFreeAndNeverRunsEarly() throws Exception {
        CompletableFuture<Long> late = onLoop(() -> {
            CompletableFuture<Long> far = at(200_000_000);
            assertThat(far).as("the loop is not blocked").isNotDone();
            return far;
        });
        assertThat(late.get(1, TimeUnit.MINUTES)).isGreaterThanOrEqualTo(0);
    }

    /** A timer alone is sometimes early by a part of the time that is spun. */
    @Test
    void theTimersEarlinessIsSpunAway() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(onLoop(() -> at(2_000_000)).get(1, TimeUnit.MINUTES)).isGreaterThanOrEqualTo(0);
        }
    }
}
