package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests of 20 tokens per text that arrive together: a long one starts alone, the others wait for it. Twenty times slower
 * than an H200, so that they still wait on a busy machine.
 */
class GpuTest {
    private static final int TOKENS = 20;
    private static final int LONG = 1000;

    private final EventLoop loop = new DefaultEventLoop();
    private final ServiceTimes times = ServiceTimes.h200Embedding().slowedBy(20);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** @param nanos from the submission to the answer */
    private record Done(long queueNanos, long computeNanos, int requestsInBatch, long nanos) {}

    private long batchNanos(int items) {
        return times.batchNanos(items, (long) TOKENS * items);
    }

    /** @return what the GPU reports for each request, in the order of submission */
    private List<Done> run(Gpu gpu, int... items) throws InterruptedException {
        Done[] done = new Done[items.length];
        CountDownLatch answers = new CountDownLatch(items.length);
        loop.execute(() -> {
            for (int i = 0; i < items.length; i++) {
                int request = i;
                long submitted = System.nanoTime();
                gpu.submit(items[i], (long) TOKENS * items[i], submitted, (queue, compute, requests) -> {
                    done[request] = new Done(queue, compute, requests, System.nanoTime() - submitted);
                    answers.countDown();
                });
            }
        });
        assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
        return List.of(done);
    }

    private List<Done> run(int... items) throws InterruptedException {
        return run(new Gpu(loop, times), items);
    }

    @Test
    void waitingRequestsShareABatchOfUpTo64Items() throws InterruptedException {
        List<Done> done = run(LONG, 32, 32);
        assertThat(done).extracting(Done::requestsInBatch).containsExactly(1, 2, 2);
        assertThat(done)
                .extracting(Done::computeNanos)
                .containsExactly(batchNanos(LONG), batchNanos(64), batchNanos(64));
    }

    @Test
    void aRequestThatNoLongerFitsWaitsForTheNextBatch() throws InterruptedException {
        List<Done> done = run(LONG, 32, 33);
        assertThat(done).extracting(Done::requestsInBatch).containsExactly(1, 1, 1);
        assertThat(done)
                .extracting(Done::computeNanos)
                .containsExactly(batchNanos(LONG), batchNanos(32), batchNanos(33));
    }

    @Test
    void aRequestOverTheBoundRunsAlone() throws InterruptedException {
        List<Done> done = run(LONG, 65, 1);
        assertThat(done).extracting(Done::requestsInBatch).containsExactly(1, 1, 1);
        assertThat(done.get(1).computeNanos()).isEqualTo(batchNanos(65));
    }

    @Test
    void aBatchStartsWhenTheOneBeforeWasDueHoweverLateTheLoopNotices() throws InterruptedException {
        Gpu gpu = new Gpu(loop, times);
        long[] submitting = new long[2];
        long[] queue = new long[2];
        CountDownLatch answers = new CountDownLatch(2);
        loop.execute(() -> {
            submitting[0] = System.nanoTime();
            for (int i = 0; i < 2; i++) {
                int request = i;
                gpu.submit(LONG, LONG * TOKENS, submitting[0], (queueNanos, compute, requests) -> {
                    queue[request] = queueNanos;
                    answers.countDown();
                });
            }
            submitting[1] = System.nanoTime();
        });
        assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(queue[0]).isZero();
        // The second was submitted a little after the first.
        assertThat(queue[1]).isBetween(batchNanos(LONG) - (submitting[1] - submitting[0]), batchNanos(LONG));
    }

    @Test
    void anIdleGpuStartsAtOnce() throws InterruptedException {
        Gpu gpu = new Gpu(loop, times);
        for (int request = 0; request < 3; request++) {
            assertThat(run(gpu, 1)).extracting(Done::queueNanos).containsExactly(0L);
        }
    }

    /** The host takes 2.4 ms here; even a busy machine delays not all of ten answers by that much. */
    @Test
    void anAnswerComesAfterItsBatchAndTheTimeOfTheHost() throws InterruptedException {
        assertThat(times.hostNanos(1)).isEqualTo(2_400_000);
        Gpu gpu = new Gpu(loop, times);
        for (int request = 0; request < 10; request++) {
            assertThat(run(gpu, 1).get(0).nanos()).isGreaterThanOrEqualTo(batchNanos(1) + times.hostNanos(1));
        }
    }

    /** The second and the third wait for the first and share a batch; each of the third's 41 texts takes the host 10 ms. */
    @Test
    void aRequestWaitsForTheHostAsLongAsItsOwnItemsTake() throws InterruptedException {
        ServiceTimes perItem = new ServiceTimes(Map.of(TOKENS, Map.of(1, 1.0, 64, 1.0)), 50, 0, 10, 64);
        List<Done> done = run(new Gpu(loop, perItem), 1, 1, 41);
        assertThat(done).extracting(Done::requestsInBatch).containsExactly(1, 2, 2);
        assertThat(done.get(2).nanos()).isGreaterThanOrEqualTo(perItem.hostNanos(41));
        assertThat(done.get(1).nanos()).isLessThan(done.get(2).nanos());
        assertThat(perItem.hostNanos(41)).isEqualTo(410_000_000);
    }

    @Test
    void aRequestIsPendingUntilItsAnswer() throws InterruptedException {
        Gpu gpu = new Gpu(loop, times);
        List<Integer> submitted = new ArrayList<>();
        List<Integer> answered = new ArrayList<>();
        CountDownLatch answers = new CountDownLatch(3);
        loop.execute(() -> {
            for (int items : new int[] {LONG, 1, 1}) {
                gpu.submit(items, (long) TOKENS * items, System.nanoTime(), (queue, compute, requests) -> {
                    answered.add(gpu.pending());
                    answers.countDown();
                });
                submitted.add(gpu.pending());
            }
        });
        assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(submitted).containsExactly(1, 2, 3);
        assertThat(answered.get(2)).isZero();
    }
}
