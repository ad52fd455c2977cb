package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoopLagTest {

    /** Runs nothing until it is told to. */
    private static final class StuckLoop implements Executor {
        private final CountDownLatch handedOver = new CountDownLatch(3);
        private final List<Runnable> tasks = new ArrayList<>();
        private final List<Long> nanos = new ArrayList<>();

        @Override
        public synchronized void execute(Runnable task) {
            tasks.add(task);
            nanos.add(System.nanoTime());
            handedOver.countDown();
        }

        /** @return µs since the first task was handed over */
        synchronized long run() {
            long micros = (System.nanoTime() - nanos.get(0)) / 1000;
            tasks.forEach(Runnable::run);
            return micros;
        }
    }

    @Test
    void aStuckLoopCountsWithTheWholeTimeThatItIsStuck() throws InterruptedException {
        StuckLoop stuck = new StuckLoop();
        LoopLag lag = LoopLag.start(List.of(stuck));
        assertThat(stuck.handedOver.await(1, TimeUnit.MINUTES)).isTrue();
        long stuckMicros = stuck.run();
        Histogram micros = lag.stop();

        assertThat(micros.getTotalCount()).isGreaterThanOrEqualTo(3);
        assertThat(micros.getMaxValue()).isGreaterThanOrEqualTo(stuckMicros);
    }

    @Test
    void aLoopThatRunsAtOnceIsHardlyLate() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(5);
        LoopLag lag = LoopLag.start(List.of(task -> {
            task.run();
            asked.countDown();
        }));
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
        Histogram micros = lag.stop();

        assertThat(micros.getMinValue()).as("µs, of the timer's own thread").isLessThan(10_000);
    }
}
