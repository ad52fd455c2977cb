package nimload.measure;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * How late event loops are: every so often each is handed a task, and the time until it runs is what an answer that came
 * just then had to wait. A loop that is stuck is handed tasks all the same, so that the whole time it is stuck counts.
 */
public final class LoopLag {
    /** Often enough for p90 within a second, and seldom enough to cost 16 loops less than 0.5 % of a core. */
    private static final Duration EVERY = Duration.ofMillis(50);

    private static final int DIGITS = 3;

    private final List<Executor> loops;
    private final SynchronizedHistogram micros = new SynchronizedHistogram(DIGITS);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "event-loop-lag");
        thread.setDaemon(true);
        return thread;
    });

    private LoopLag(Collection<Executor> loops) {
        this.loops = List.copyOf(loops);
    }

    public static LoopLag start(Collection<Executor> loops) {
        LoopLag lag = new LoopLag(loops);
        lag.timer.scheduleAtFixedRate(lag::ask, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return lag;
    }

    private void ask() {
        for (Executor loop : loops) {
            long handedOver = System.nanoTime();
            try {
                loop.execute(() -> micros.recordValue((System.nanoTime() - handedOver + 500) / 1000));
            } catch (RejectedExecutionException e) {
                // Gatling is shutting its loops down: nobody waits for them any more.
                timer.shutdown();
                return;
            }
        }
    }

    /** Lags in µs. */
    public Histogram stop() {
        timer.shutdownNow();
        return micros.copy();
    }
}
