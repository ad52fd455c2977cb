package nimload.preflight;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only by pauses, and each of them at once. */
public final class NoWaiting implements WaitClock {
    private final List<Duration> pauses = new ArrayList<>();
    private long nanos = 1;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void pause(Duration duration) {
        pauses.add(duration);
        nanos += duration.toNanos();
    }

    public List<Duration> pauses() {
        return pauses;
    }
}
