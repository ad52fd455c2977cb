package nimload.run;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nimload.measure.ClientLoad;
import nimload.measure.CpuClock;
import nimload.measure.Observations;

/** What is observed during a level, on a thread of its own: users never wait for it while they send. */
final class LevelWatches {
    private static final long PATIENCE_SECONDS = 10;

    private final List<LevelWatch> watches;
    private final ExecutorService thread;
    private CpuClock cpu;
    private ClientLoad load = ClientLoad.UNKNOWN;

    /** @param watches outermost first */
    LevelWatches(List<LevelWatch> watches, ExecutorService thread) {
        this.watches = List.copyOf(watches);
        this.thread = thread;
    }

    void userLivesOn(Executor loop) {
        watches.forEach(watch -> watch.userLivesOn(loop));
    }

    /** Returns when all have begun. */
    void levelOpens() {
        await(() -> watches.forEach(LevelWatch::levelOpens));
    }

    void windowOpens() {
        thread.execute(() -> {
            watches.forEach(LevelWatch::windowOpens);
            cpu = CpuClock.start();
        });
    }

    void windowCloses() {
        thread.execute(() -> {
            load = cpu.stop();
            for (int i = watches.size() - 1; i >= 0; i--) {
                watches.get(i).windowCloses();
            }
        });
    }

    /**
     * @param load how busy the machine was in the window
     * @param observations of the level
     */
    record Seen(ClientLoad load, Observations observations) {}

    /** Returns what was seen, when all have ended. */
    Seen levelClosed() {
        Observations[] seen = {Observations.NONE};
        await(() -> {
            for (int i = watches.size() - 1; i >= 0; i--) {
                seen[0] = seen[0].and(watches.get(i).levelClosed());
            }
        });
        return new Seen(load, seen[0]);
    }

    private void await(Runnable task) {
        try {
            thread.submit(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a watch failed", e.getCause());
        } catch (TimeoutException e) {
            // What it would have seen is unknown; the level's requests are not.
        }
    }
}
