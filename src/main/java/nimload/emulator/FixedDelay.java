package nimload.emulator;

import io.netty.channel.EventLoop;
import java.time.Duration;

/**
 * Answers each request after the same time, however many there are. No GPU behaves so; it is what a client is compared
 * with: whatever a client measures above the delay is the client's and the connection's own.
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
}
