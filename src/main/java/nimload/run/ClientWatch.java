package nimload.run;

import java.util.OptionalDouble;
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

/** Observes the load generator itself: the pauses of its garbage collector, and how late its users' event loops are. */
final class ClientWatch implements LevelWatch {
    private final Set<Executor> loops = ConcurrentHashMap.newKeySet();
    private GcPauses pauses;
    private LoopLag lag;
    private Histogram lagMicros;
    private GcPauses.Seen gc;

    @Override
    public void userLivesOn(Executor loop) {
        loops.add(loop);
    }

    @Override
    public void windowOpens() {
        pauses = GcPauses.start();
        lag = LoopLag.start(loops);
    }

    @Override
    public void windowCloses() {
        lagMicros = lag.stop();
        gc = pauses.stop();
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
                        : OptionalDouble.of(lagMicros.getMaxValue() / 1e3)));
    }
}
