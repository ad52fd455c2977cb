package nimload.measure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How long this process has stood still: a few threads sleep 5 ms again and again, and time in which none of them woke is
 * time in which nothing of this process ran, whatever the reason (it was stopped or moved, its CPU quota was used up, its
 * machine gave the cores to others, or its garbage collector ran). Who asks the users' own threads does not see that: it is
 * frozen with them. One sleeper alone would also be late where the machine is busy and the users' threads are not.
 *
 * <p>Safe for many threads.
 */
public final class StallClock implements AutoCloseable {
    private static final int SLEEPERS = 3;

    private static final long NAP_NANOS = Duration.ofMillis(5).toNanos();

    /** A busy machine wakes a sleeper a few ms late without harm to those that are awake. */
    static final long UNNOTICED_NANOS = Duration.ofMillis(10).toNanos();

    private final LongSupplier nanoTime;
    private long wokeNanos;
    private long stalledNanos;
    private long stalls;
    private volatile boolean closed;

    StallClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.wokeNanos = nanoTime.getAsLong();
    }

    public static StallClock start() {
        StallClock clock = new StallClock(System::nanoTime);
        for (int i = 0; i < SLEEPERS; i++) {
            Thread thread = new Thread(clock::watch, "stall-clock-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        return clock;
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(NAP_NANOS);
            woke();
        }
    }

    /** One of them has had its nap. */
    synchronized void woke() {
        long now = nanoTime.getAsLong();
        long overslept = overslept(now);
        if (overslept > 0) {
            stalledNanos += overslept;
            stalls++;
        }
        wokeNanos = now;
    }

    private long overslept(long now) {
        long overslept = now - wokeNanos - NAP_NANOS;
        return overslept >= UNNOTICED_NANOS ? overslept : 0;
    }

    /**
     * All stalls of at least 10 ms so far, and the one that none has yet woken from: after a stall the users' threads
     * may run first.
     */
    public synchronized long stalledNanos() {
        return stalledNanos + overslept(nanoTime.getAsLong());
    }

    /** How often. */
    public synchronized long stalls() {
        return stalls;
    }

    @Override
    public void close() {
        closed = true;
    }
}
