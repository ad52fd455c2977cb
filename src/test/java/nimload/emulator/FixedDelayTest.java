package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FixedDelayTest {
    private final EventLoop loop = new DefaultEventLoop();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void everyRequestIsAnsweredAfterTheDelayFromItsArrival() throws InterruptedException {
        FixedDelay server = new FixedDelay(loop, Duration.ofMillis(5));
        List<List<Long>> done = new ArrayList<>();
        List<Long> afterNanos = new ArrayList<>();
        List<Integer> pending = new ArrayList<>();
        CountDownLatch answers = new CountDownLatch(3);
        loop.execute(() -> {
            for (int request = 1; request <= 3; request++) {
                long arrived = System.nanoTime();
                server.submit(64, 19_200, arrived, (queue, compute, requests) -> {
                    afterNanos.add(System.nanoTime() - arrived);
                    done.add(List.of(queue, compute, (long) requests));
                    answers.countDown();
                });
                pending.add(server.pending() + done.size());
            }
        });
        assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(pending).as("pending and answered together").containsExactly(1, 2, 3);
        assertThat(server.pending()).isZero();
        assertThat(done).hasSize(3).containsOnly(List.of(0L, 5_000_000L, 1L));
        assertThat(afterNanos).allSatisfy(nanos -> assertThat(nanos).isGreaterThanOrEqualTo(5_000_000));
    }
}
