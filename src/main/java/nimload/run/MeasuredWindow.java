package nimload.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import nimload.measure.ClientLoad;
import nimload.measure.CpuClock;
import nimload.measure.Observations;

/**
 * The measured part of a level and what is observed during it: opened by the first user to reach it, closed by the last to
 * leave. Safe for many threads.
 */
final class MeasuredWindow {
    private final Duration length;
    /** Outermost first; released when the window closes. */
    private List<LevelWatch> watches;

    private OptionalLong endNanos = OptionalLong.empty();
    private CpuClock cpu;
    private Optional<ClientLoad> load = Optional.empty();
    private Observations seen = Observations.NONE;

    MeasuredWindow(Duration length, List<LevelWatch> watches) {
        this.length = length;
        this.watches = List.copyOf(watches);
    }

    /** Called for each user before the window opens. */
    synchronized void userLivesOn(Executor loop) {
        watches.forEach(watch -> watch.userLivesOn(loop));
    }

    /** When users stop sending. The first user to ask starts the clock for all, who wait for the watches to begin. */
    synchronized long endNanos() {
        if (endNanos.isEmpty()) {
            watches.forEach(LevelWatch::measurementBegins);
            cpu = CpuClock.start();
            endNanos = OptionalLong.of(System.nanoTime() + length.toNanos());
        }
        return endNanos.getAsLong();
    }

    /** The first user to leave ends the reading of the machine's load: checks may still be under way. */
    synchronized void userLeaves() {
        if (load.isEmpty()) {
            load = Optional.of(cpu.stop());
        }
    }

    /** Called once the last user has left. */
    synchronized void close() {
        for (int i = watches.size() - 1; i >= 0; i--) {
            seen = seen.and(watches.get(i).measurementEnded());
        }
        watches = List.of();
    }

    synchronized ClientLoad load() {
        return load.orElseThrow();
    }

    synchronized Observations seen() {
        return seen;
    }
}
