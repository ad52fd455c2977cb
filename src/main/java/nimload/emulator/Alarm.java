package nimload.emulator;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task on an event loop at an exact time: the loop's timer wakes it a little early, then it spins, because a
 * timer alone is 50 to 150 µs late.
 */
final class Alarm {
    /** Longer than the usual lateness of a kernel timer, too short to matter on two cores. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(120);

    private final EventLoop loop;

    Alarm(EventLoop loop) {
        this.loop = loop;
    }

    /** @param dueNanos on the clock of {@link System#nanoTime()}; a past time runs the task at once */
    void at(long dueNanos, Runnable task) {
        long wait = dueNanos - System.nanoTime() - SPIN_NANOS;
        if (wait <= 0) {
            spinUntil(dueNanos);
            task.run();
            return;
        }
        loop.schedule(
                () -> {
                    spinUntil(dueNanos);
                    task.run();
                },
                wait,
                TimeUnit.NANOSECONDS);
    }

    private static void spinUntil(long dueNanos) {
        while (System.nanoTime() - dueNanos < 0) {
            Thread.onSpinWait();
        }
    }
}
