package nimload.run;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import nimload.measure.SearchTimes;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.RequestInFlight.Stage;

/**
 * One search as far as it got. It is over when its user has gone on and both answers are checked, in any order. Safe for many
 * threads.
 */
final class PipelineSearch {
    private final Stage stage;
    private final OptionalLong intendedNanos;
    private final boolean waited;
    private final Body ranking;
    private final long pausePlannedNanos;
    private final Consumer<PipelineSearch> over;
    private Optional<RequestInFlight> embedded = Optional.empty();
    private Optional<RequestInFlight> ranked = Optional.empty();
    private long pauseBeganNanos;
    private long pauseEndedNanos;
    private boolean failed;
    /** Its user, and the answers that are awaited. */
    private int outstanding = 2;

    /**
     * @param intendedNanos when it was to begin; empty: as soon as its user was ready
     * @param waited whether no user was free at that time
     * @param ranking the body of its second request
     * @param over runs once, on any thread
     */
    PipelineSearch(
            Stage stage,
            OptionalLong intendedNanos,
            boolean waited,
            Body ranking,
            long pausePlannedNanos,
            Consumer<PipelineSearch> over) {
        this.stage = stage;
        this.intendedNanos = intendedNanos;
        this.waited = waited;
        this.ranking = ranking;
        this.pausePlannedNanos = pausePlannedNanos;
        this.over = over;
    }

    Stage stage() {
        return stage;
    }

    boolean counts() {
        return stage == Stage.MEASUREMENT;
    }

    OptionalLong intendedNanos() {
        return intendedNanos;
    }

    /** Whether it began at its time, as far as users were free. */
    boolean onTime() {
        return !waited;
    }

    Body ranking() {
        return ranking;
    }

    long pausePlannedNanos() {
        return pausePlannedNanos;
    }

    /** The query's request has ended and its answer is checked. */
    void embedded(RequestInFlight request, Outcome outcome) {
        synchronized (this) {
            embedded = Optional.of(request);
            failed |= !outcome.right();
        }
        settled();
    }

    synchronized void pauseBegins(long nanos) {
        pauseBeganNanos = nanos;
    }

    /** When its second request is to be sent. */
    synchronized long intendedEndOfPauseNanos() {
        return pauseBeganNanos + pausePlannedNanos;
    }

    synchronized void pauseEnds(long nanos) {
        pauseEndedNanos = nanos;
    }

    /** Whether a step is known to have failed. */
    synchronized boolean failed() {
        return failed;
    }

    /** Passages are about to be ranked. */
    synchronized void ranks() {
        outstanding++;
    }

    /** That request has ended and its answer is checked. */
    void ranked(RequestInFlight request, Outcome outcome) {
        synchronized (this) {
            ranked = Optional.of(request);
            failed |= !outcome.right();
        }
        settled();
    }

    /** Its user goes on. */
    void left() {
        settled();
    }

    private void settled() {
        boolean last;
        synchronized (this) {
            last = --outstanding == 0;
        }
        if (last) {
            over.accept(this);
        }
    }

    /** When its parts began and ended; empty if a step failed. */
    synchronized Optional<SearchTimes> times() {
        if (failed) {
            return Optional.empty();
        }
        RequestInFlight first = embedded.orElseThrow();
        RequestInFlight second = ranked.orElseThrow();
        return Optional.of(new SearchTimes(
                first.sentNanos().orElseThrow(),
                first.end().orElseThrow().nanos(),
                pauseBeganNanos,
                pauseEndedNanos,
                pausePlannedNanos,
                second.sentNanos().orElseThrow(),
                second.end().orElseThrow().nanos(),
                first.end().orElseThrow().serviceMicros(),
                second.end().orElseThrow().serviceMicros(),
                first.stalledNanos() + second.stalledNanos()));
    }
}
