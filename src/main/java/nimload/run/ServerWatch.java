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
 * Reads a server's metrics before a level's first send, during its measurement on another thread, and after its last answer.
 * What cannot be read becomes a note, never an error.
 */
final class ServerWatch implements LevelWatch {
    private final MetricsPages pages;
    private final String model;
    private final Duration interval;
    private final ScheduledExecutorService thread;

    private final List<String> notes = new ArrayList<>();
    private final List<Reading> during = new ArrayList<>();
    private MetricsPages.Opened opened = new MetricsPages.Opened(List.of(), Optional.empty(), List.of());
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
    ServerWatch(MetricsPages pages, String model, Duration interval, ScheduledExecutorService thread) {
        this.pages = pages;
        this.model = model;
        this.interval = interval;
        this.thread = thread;
    }

    @Override
    public synchronized void levelOpens() {
        opened = pages.open();
        notes.addAll(opened.notes());
        startNanos = System.nanoTime();
        begin = opened.first().filter(reading -> !reading.knowsNothing());
        if (opened.first().isPresent() && begin.isEmpty()) {
            notes.add("The server's " + Routes.METRICS + " has no metric that nimload knows.");
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
        return pages.read(opened, (System.nanoTime() - startNanos) / 1e9);
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
            notes.add(skipped + (skipped == 1 ? " line" : " lines") + " of the server's metrics could not be read.");
        }
        return Observations.of(new LevelReadings(model, begin.get(), during, end).meaning(notes));
    }
}
