package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import nimload.measure.Observations;
import nimload.nim.Routes;
import nimload.servermetrics.LevelReadings;
import nimload.servermetrics.Reading;
import nimload.servermetrics.ServerSeen;

/**
 * Reads a server's metrics before a level's first send, during the level on another thread, and after its last answer. What
 * cannot be read becomes a note, never an error.
 */
final class ServerWatch implements LevelWatch {
    private final MetricsPage page;
    private final String model;
    private final Duration interval;
    private final ScheduledExecutorService thread;

    private final List<String> notes = new ArrayList<>();
    private final List<Reading> during = new ArrayList<>();
    private Optional<Reading> begin = Optional.empty();
    private Optional<Future<?>> sampling = Optional.empty();
    private Optional<String> lastFailure = Optional.empty();
    private long startNanos;
    private int failures;
    private boolean ended;

    /**
     * @param model as the level's requests name it
     * @param interval between two readings
     */
    ServerWatch(MetricsPage page, String model, Duration interval, ScheduledExecutorService thread) {
        this.page = page;
        this.model = model;
        this.interval = interval;
        this.thread = thread;
    }

    @Override
    public synchronized void levelOpens() {
        if (page.missing()) {
            return;
        }
        try {
            Reading first = Reading.of(0, page.read());
            if (first.knowsNothing()) {
                notes.add("The server's " + Routes.METRICS + " has no metric that nimload knows.");
                return;
            }
            begin = Optional.of(first);
            startNanos = System.nanoTime();
        } catch (MetricsPage.Unread e) {
            notes.add(e.getMessage());
        }
    }

    @Override
    public synchronized void windowOpens() {
        if (begin.isPresent()) {
            sampling = Optional.of(thread.scheduleWithFixedDelay(
                    this::sample, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void sample() {
        try {
            Reading reading = read();
            synchronized (this) {
                if (!ended) {
                    during.add(reading);
                }
            }
        } catch (MetricsPage.Unread e) {
            synchronized (this) {
                failures++;
                lastFailure = Optional.of(e.getMessage());
            }
        }
    }

    private Reading read() throws MetricsPage.Unread {
        return Reading.of((System.nanoTime() - startNanos) / 1e9, page.read());
    }

    @Override
    public synchronized void windowCloses() {
        ended = true;
        sampling.ifPresent(future -> future.cancel(false));
    }

    @Override
    public synchronized Observations levelClosed() {
        if (begin.isEmpty()) {
            return notes.isEmpty() ? Observations.NONE : Observations.of(ServerSeen.nothing(notes));
        }
        Optional<Reading> end = Optional.empty();
        try {
            end = Optional.of(read());
        } catch (MetricsPage.Unread e) {
            notes.add(e.getMessage() + " Without it the server's counts for this level are unknown.");
        }
        lastFailure.ifPresent(failure -> notes.add(failures + " of " + (failures + during.size())
                + " readings during the level failed. The last: " + failure));
        int skipped = begin.get().linesSkipped();
        if (skipped > 0) {
            notes.add(skipped + (skipped == 1 ? " line" : " lines") + " of the server's " + Routes.METRICS
                    + " could not be read.");
        }
        return Observations.of(new LevelReadings(model, begin.get(), during, end).meaning(notes));
    }
}
