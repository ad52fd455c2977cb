package nimload.emulator;

import io.netty.channel.EventLoop;
import java.time.Duration;

/**
 * Answers each request after the same time, under any load. No GPU does that; it calibrates a client: whatever a client
 * measures above the delay comes from the client and the connection.
 */
final class FixedDelay implements Accelerator {
    private final Alarm alarm;
    private final long delayNanos;
    private int pending;

    FixedDelay(EventLoop loop, Duration delay) {
        this.alarm = new Alarm(loop);
        this.delayNanos = delay.toNanos();
    }

    @Override
    public void submit(int items, long tokens, long arrivedNanos, Answer answer) {
        pending++;
        alarm.at(arrivedNanos + delayNanos, () -> {
            pending--;
            answer.done(0, delayNanos, 1);
        });
    }

    @Override
    public int pending() {
        return pending;
    }

    @Override
    public int waiting() {
        return 0;
    }
}
