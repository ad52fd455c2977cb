package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nimload.plan.ArrivalTimes;
import nimload.plan.Load;
import nimload.run.Dispatcher.Arrival;
import nimload.run.RequestInFlight.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DispatcherTest {
    private static final int COUNT = 20;

    private final List<Integer> waiting = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> arrivedNanos = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> notSentNanos = Collections.synchronizedList(new ArrayList<>());
    private final List<Stage> notSent = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch allArrived = new CountDownLatch(COUNT);
    /** Until they are down the first arrival, or the end, is held back. */
    private volatile CountDownLatch mayBegin = new CountDownLatch(0);

    private volatile CountDownLatch mayEnd = new CountDownLatch(0);

    /** Twenty that count, then the end. */
    private final Dispatcher dispatcher = dispatcher(Duration.ofMinutes(1));

    private Dispatcher dispatcher(Duration longestWait) {
        return new Dispatcher(new ArrivalTimes(Load.constant(1000), 1), longestWait, new Dispatcher.Arrivals() {
            private int asked;

            @Override
            public Stage stage(long intendedNanos) {
                boolean over = asked++ == COUNT;
                await(over ? mayEnd : mayBegin);
                return over ? Stage.OVER : Stage.MEASUREMENT;
            }

            @Override
            public void arrived(long intendedNanos, Stage stage, int waitingNow) {
                waiting.add(waitingNow);
                arrivedNanos.add(intendedNanos);
                allArrived.countDown();
            }

            @Override
            public void notSent(long intendedNanos, Stage stage) {
                notSent.add(stage);
                notSentNanos.add(intendedNanos);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Arrival next(BlockingQueue<Arrival> taken) throws InterruptedException {
        return taken.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aUserThatIsAlwaysBackInTimeTakesAllArrivalsInOrderNoneBeforeItsTimeAndThenTheEnd() throws Exception {
        mayEnd = new CountDownLatch(1);
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        List<Arrival> all = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            dispatcher.idle(taken::add);
            Arrival arrival = next(taken);
            assertThat(System.nanoTime() - arrival.intendedNanos()).isNotNegative();
            all.add(arrival);
        }
        mayEnd.countDown();
        dispatcher.idle(taken::add);
        assertThat(next(taken).stage()).isEqualTo(Stage.OVER);
        for (int i = 1; i < COUNT; i++) {
            assertThat(all.get(i).intendedNanos() - all.get(i - 1).intendedNanos())
                    .isEqualTo(1_000_000);
        }
        assertThat(notSent).isEmpty();
    }

    @Test
    void theUserThatBecameIdleLastIsTakenFirst() throws Exception {
        mayBegin = new CountDownLatch(1);
        BlockingQueue<String> order = new LinkedBlockingQueue<>();
        dispatcher.idle(arrival -> order.add("first"));
        dispatcher.idle(arrival -> order.add("second"));
        mayBegin.countDown();
        assertThat(order.poll(30, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(order.poll(30, TimeUnit.SECONDS)).isEqualTo("first");
    }

    @Test
    void arrivalsWithoutAFreeUserWaitInOrderAndAreSaidToHaveWaited() throws Exception {
        mayEnd = new CountDownLatch(1);
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        CountDownLatch busy = new CountDownLatch(1);
        dispatcher.idle(arrival -> {
            taken.add(arrival);
            busy.countDown();
        });
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
        while (waiting.size() < 3) {
            Thread.onSpinWait();
        }
        dispatcher.idle(taken::add);
        Arrival first = next(taken);
        Arrival second = next(taken);
        assertThat(first.waited()).isFalse();
        assertThat(second.waited()).isTrue();
        assertThat(second.intendedNanos() - first.intendedNanos()).isEqualTo(1_000_000);
        assertThat(new ArrayList<>(waiting).subList(0, 3)).containsExactly(0, 1, 2);
        mayEnd.countDown();
    }

    /** They come 1 ms apart, the first finds the only user. */
    @Test
    void queueHoldsThoseThatHaveWaited5MsAndDropsTheFirstAsSoonAsItHasWaitedLonger() throws Exception {
        mayEnd = new CountDownLatch(1);
        Dispatcher five = dispatcher(Duration.ofMillis(5));
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        five.idle(taken::add);
        assertThat(allArrived.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(next(taken).waited()).isFalse();
        assertThat(waiting).containsExactly(0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6);
        assertThat(notSentNanos).containsExactlyElementsOf(arrivedNanos.subList(1, COUNT - 6));
        assertThat(notSent).containsOnly(Stage.MEASUREMENT);
        mayEnd.countDown();
    }

    @Test
    void userThatIsBackTooLateForAllThatWaitGetsNoneOfThem() throws Exception {
        mayEnd = new CountDownLatch(1);
        Dispatcher five = dispatcher(Duration.ofMillis(5));
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        five.idle(taken::add);
        assertThat(allArrived.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(next(taken).waited()).isFalse();
        while (System.nanoTime() - arrivedNanos.get(COUNT - 1) <= 5_000_000) {
            Thread.onSpinWait();
        }

        five.idle(taken::add);
        assertThat(notSentNanos).containsExactlyElementsOf(arrivedNanos.subList(1, COUNT));
        mayEnd.countDown();
        assertThat(next(taken).stage()).isEqualTo(Stage.OVER);
    }

    @Test
    void arrivalsThatStillWaitAtTheEndAreReportedAndNeverSent() throws Exception {
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        dispatcher.idle(taken::add);
        assertThat(next(taken).stage()).isEqualTo(Stage.MEASUREMENT);
        assertThat(allArrived.await(30, TimeUnit.SECONDS)).isTrue();
        while (notSent.size() < COUNT - 1) {
            Thread.onSpinWait();
        }
        dispatcher.idle(taken::add);
        assertThat(next(taken).stage()).isEqualTo(Stage.OVER);
        assertThat(notSent).hasSize(COUNT - 1).containsOnly(Stage.MEASUREMENT);
    }

    /** The stages of a level, by the times of which it was asked. */
    private static final class Asked implements Dispatcher.Arrivals {
        private final boolean between;
        private final int most;
        private final List<Long> asked = Collections.synchronizedList(new ArrayList<>());

        Asked(boolean between, int most) {
            this.between = between;
            this.most = most;
        }

        @Override
        public Stage stage(long nanos) {
            asked.add(nanos);
            return asked.size() > most ? Stage.OVER : Stage.MEASUREMENT;
        }

        @Override
        public boolean askedBetween() {
            return between;
        }

        @Override
        public void arrived(long intendedNanos, Stage stage, int waiting) {}

        @Override
        public void notSent(long intendedNanos, Stage stage) {}
    }

    @Test
    void aLevelWhoseTimeGoesOnBetweenArrivalsEndsBeforeAnArrivalThatIsFarAway() throws Exception {
        Asked arrivals = new Asked(true, 3);
        Dispatcher slow = new Dispatcher(new ArrivalTimes(Load.constant(0.001), 1), Duration.ofMinutes(1), arrivals);
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        slow.idle(taken::add);
        Arrival first = next(taken);
        slow.idle(taken::add);
        assertThat(next(taken).stage()).isEqualTo(Stage.OVER);
        assertThat(arrivals.asked).hasSize(4).isSorted().contains(first.intendedNanos());
        assertThat(arrivals.asked.get(3) - first.intendedNanos()).isGreaterThanOrEqualTo(5_000_000);
    }

    @Test
    void anyOtherLevelIsAskedOnlyOfItsArrivals() throws Exception {
        Asked arrivals = new Asked(false, 2);
        Dispatcher slow = new Dispatcher(new ArrivalTimes(Load.constant(50), 1), Duration.ofMinutes(1), arrivals);
        BlockingQueue<Arrival> taken = new LinkedBlockingQueue<>();
        for (int i = 0; i < 3; i++) {
            slow.idle(taken::add);
            next(taken);
        }
        assertThat(arrivals.asked).hasSize(3);
        assertThat(arrivals.asked.get(1) - arrivals.asked.get(0)).isEqualTo(20_000_000);
        assertThat(arrivals.asked.get(2) - arrivals.asked.get(1)).isEqualTo(20_000_000);
    }
}
