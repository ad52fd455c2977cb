package nimload.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import nimload.plan.ArrivalTimes;
import nimload.run.RequestInFlight.Stage;

/**
 * Hands each arrival of an open level to a user at its time: to the one that became idle last, so that no more connections
 * are open than requests in flight at once; if none is idle, to the next that becomes so. One that has waited too long is
 * dropped, so that the queue stays short at a target that cannot keep up. Safe for many threads.
 */
final class Dispatcher {

    /**
     * A request that is to be sent.
     *
     * @param intendedNanos when, on the clock of {@link System#nanoTime()}
     * @param stage {@link Stage#OVER}: none is, nor will be
     * @param waited whether no user was free at its time
     */
    record Arrival(long intendedNanos, Stage stage, boolean waited) {}

    /** What the level does with its arrivals, in their order: the others on one thread, {@link #notSent} on any. */
    interface Arrivals {
        /** Of an arrival at this time; {@link Stage#OVER} if it and all later ones are not to be sent. */
        Stage stage(long intendedNanos);

        /**
         * Whether {@link #stage} is asked between arrivals too, of the time that it is: the window then opens and closes at its
         * times, however long no request arrives.
         */
        default boolean askedBetween() {
            return false;
        }

        /**
         * A request is to be sent.
         *
         * @param waiting how many wait for a user, this one included if it does
         */
        void arrived(long intendedNanos, Stage stage, int waiting);

        /** A request that waited too long, or when the level ended. */
        void notSent(long intendedNanos, Stage stage);
    }

    private static final long FIRST_AFTER_NANOS = 1_000_000;

    /** A fiftieth, as much as windows may be apart, of a window of 250 ms. */
    private static final long ASK_EVERY_NANOS = 5_000_000;

    private final ArrivalTimes times;
    private final long longestWaitNanos;
    private final Arrivals arrivals;
    private final Deque<Consumer<Arrival>> idle = new ArrayDeque<>();
    private final Queue<Arrival> waiting = new ArrayDeque<>();
    private boolean started;
    private boolean over;

    /** @param longestWait of an arrival for a user; after it it is dropped */
    Dispatcher(ArrivalTimes times, Duration longestWait, Arrivals arrivals) {
        this.times = times;
        this.longestWaitNanos = longestWait.toNanos();
        this.arrivals = arrivals;
    }

    /**
     * A user is idle. The first one starts the arrivals.
     *
     * @param user takes the arrival, on any thread
     */
    void idle(Consumer<Arrival> user) {
        Arrival next;
        synchronized (this) {
            if (!started) {
                started = true;
                start();
            }
            dropLate(System.nanoTime());
            if (waiting.isEmpty() && !over) {
                idle.push(user);
                return;
            }
            next = waiting.isEmpty() ? new Arrival(0, Stage.OVER, false) : waiting.remove();
        }
        user.accept(next);
    }

    private void start() {
        long startNanos = System.nanoTime() + FIRST_AFTER_NANOS;
        Thread thread = new Thread(() -> dispatch(startNanos), "arrivals");
        thread.setDaemon(true);
        // The users' loops are many; this thread decides whether requests are sent at their times.
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    private void dispatch(long startNanos) {
        Stage stage = Stage.WARM_UP;
        while (stage != Stage.OVER) {
            long intended = startNanos + times.nextNanos();
            stage = goesOnUntil(intended) ? arrivals.stage(intended) : Stage.OVER;
            if (stage != Stage.OVER) {
                arrives(intended, stage);
            }
        }
        end();
    }

    /** Waits for this time; false if the level is over before. */
    private boolean goesOnUntil(long nanos) {
        long most = arrivals.askedBetween() ? ASK_EVERY_NANOS : Long.MAX_VALUE;
        long now = System.nanoTime();
        while (nanos - now > 0) {
            LockSupport.parkNanos(Math.min(nanos - now, most));
            now = System.nanoTime();
            if (arrivals.askedBetween() && nanos - now > 0 && arrivals.stage(now) == Stage.OVER) {
                return false;
            }
        }
        return true;
    }

    private void arrives(long intended, Stage stage) {
        Consumer<Arrival> user;
        synchronized (this) {
            dropLate(intended);
            user = idle.poll();
            if (user == null) {
                waiting.add(new Arrival(intended, stage, true));
            }
            arrivals.arrived(intended, stage, waiting.size());
        }
        if (user != null) {
            user.accept(new Arrival(intended, stage, false));
        }
    }

    private void dropLate(long nowNanos) {
        while (!waiting.isEmpty() && nowNanos - waiting.element().intendedNanos() > longestWaitNanos) {
            Arrival late = waiting.remove();
            arrivals.notSent(late.intendedNanos(), late.stage());
        }
    }

    private void end() {
        Deque<Consumer<Arrival>> users;
        synchronized (this) {
            over = true;
            waiting.forEach(arrival -> arrivals.notSent(arrival.intendedNanos(), arrival.stage()));
            waiting.clear();
            users = new ArrayDeque<>(idle);
            idle.clear();
        }
        users.forEach(user -> user.accept(new Arrival(0, Stage.OVER, false)));
    }
}
