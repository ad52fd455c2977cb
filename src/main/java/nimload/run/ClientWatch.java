package nimload.run;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import nimload.measure.GcPauses;
import nimload.measure.LoopLag;
import nimload.measure.Observations;
import nimload.measure.Percentiles;
import nimload.results.ClientHealth;
import nimload.results.Percentile;
import org.HdrHistogram.Histogram;

/**
 * Observes the load generator itself: the pauses of its garbage collector, how late its users' event loops are, and how long
 * those waited for a core.
 */
final class ClientWatch implements LevelWatch {
    private final Set<Executor> loops = ConcurrentHashMap.newKeySet();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private RunQueueWait queue;
    private OptionalLong waitedBefore = OptionalLong.empty();
    private OptionalDouble waited = OptionalDouble.empty();
    private GcPauses pauses;
    private LoopLag lag;
    private Histogram lagMicros;
    private GcPauses.Seen gc;

    @Override
    public void userLivesOn(Executor loop) {
        loops.add(loop);
        loop.execute(() -> threads.add(Thread.currentThread().getName()));
    }

    @Override
    public void windowOpens() {
        queue = RunQueueWait.of(threads);
        waitedBefore = queue.nanos();
        pauses = GcPauses.start();
        lag = LoopLag.start(loops);
    }

    @Override
    public void windowCloses() {
        lagMicros = lag.stop();
        gc = pauses.stop();
        waited = waited(queue.nanos());
    }

    private OptionalDouble waited(OptionalLong now) {
        return now.isPresent() && waitedBefore.isPresent()
                ? OptionalDouble.of((now.getAsLong() - waitedBefore.getAsLong()) / 1e6)
                : OptionalDouble.empty();
    }

    @Override
    public Observations levelClosed() {
        if (gc == null) {
            return Observations.NONE;
        }
        return Observations.of(new ClientHealth(
                gc.count(),
                gc.millis(),
                gc.longestMillis(),
                lagMicros.getTotalCount(),
                Percentiles.millis(lagMicros, Percentile.P50),
                Percentiles.millis(lagMicros, Percentile.P90),
                Percentiles.millis(lagMicros, Percentile.P99),
                lagMicros.getTotalCount() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(lagMicros.getMaxValue() / 1e3),
                waited));
    }
}
