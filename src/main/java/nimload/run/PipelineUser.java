package nimload.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import nimload.run.Dispatcher.Arrival;
import nimload.run.RequestInFlight.Stage;

/**
 * One user of a retrieval pipeline. One that searches is a user of two levels, and sends a request of each in turn; one that
 * ingests is a user of one.
 *
 * <p>A search is {@link #embeds}, that user's request, {@link #searchesVectors}, and if it {@link #goesOn}, {@link #ranks} and
 * that user's request; then {@link #searched}. Used by one thread at a time.
 */
public final class PipelineUser {
    private final PipelineLevel level;
    private final List<VirtualUser> steps;
    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private Stage stage = Stage.ALONE;
    /** Of searches that arrive at a rate: the next one. */
    private Optional<Arrival> arrival = Optional.empty();

    private PipelineSearch search;
    private boolean failed;

    /**
     * @param steps of a search, or the one that ingests
     * @param loop that runs what the user does
     * @param nanoTime as {@link System#nanoTime()}
     */
    PipelineUser(PipelineLevel level, List<VirtualUser> steps, ScheduledExecutorService loop, LongSupplier nanoTime) {
        this.level = level;
        this.steps = steps;
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** Whether it ingests passages, and does not search. */
    public boolean ingests() {
        return steps.size() == 1;
    }

    /** Whether it opens levels. */
    public boolean opens() {
        return steps.get(0).opensLevel();
    }

    /** The user of its first level. */
    public VirtualUser first() {
        return steps.get(0);
    }

    /** The user of its last level, the same one for a user that ingests. */
    public VirtualUser last() {
        return steps.get(steps.size() - 1);
    }

    /**
     * Waits until it may send requests that others do not send at the same time.
     *
     * @param then runs on this user's thread
     */
    public void awaitTurn(Runnable then) {
        if (ingests() && opens()) {
            level.references().await(() -> loop.execute(then));
        } else {
            then.run();
        }
    }

    /**
     * Waits until all users have come.
     *
     * @param then runs on this user's thread
     */
    public void awaitOthers(Runnable then) {
        if (opens() && !ingests()) {
            level.references().await(() -> {});
        }
        level.begin().await(() -> loop.execute(then));
    }

    /** Whether the next search is one of the warm-up. */
    public boolean warmsUp() {
        return isIn(Stage.WARM_UP);
    }

    /** Whether the next search counts. */
    public boolean measures() {
        return isIn(Stage.MEASUREMENT);
    }

    /** Whether there is another search after those that count. */
    public boolean coolsDown() {
        return isIn(Stage.COOL_DOWN);
    }

    private boolean isIn(Stage wanted) {
        stage = level.stage(nanoTime.getAsLong());
        return stage == wanted;
    }

    /**
     * Waits until a search is to begin, or the level is over.
     *
     * @param then runs on this user's thread
     */
    public void awaitArrival(Runnable then) {
        steps.forEach(VirtualUser::checkWhileWaiting);
        level.idle(next -> loop.execute(() -> {
            arrival = Optional.of(next);
            stage = next.stage();
            then.run();
        }));
    }

    /** Whether searches go on arriving. */
    public boolean arrives() {
        return stage != Stage.OVER;
    }

    /** Whether the search that it is to begin counts. */
    public boolean counts() {
        return stage == Stage.MEASUREMENT;
    }

    /** Begins a search. */
    public void begins() {
        search = level.begins(stage, arrival);
        failed = false;
        first().nextIsStep(stage, arrival, level.query(search), search::embedded);
    }

    /**
     * Waits as long as a vector search takes; not at all if the query was not embedded.
     *
     * @param then runs on this user's thread
     */
    public void searchesVectors(Runnable then) {
        PipelineSearch current = search;
        if (current.failed()) {
            then.run();
            return;
        }
        current.pauseBegins(nanoTime.getAsLong());
        // Both answers are checked meanwhile: this search's first, and the last one's second.
        steps.forEach(VirtualUser::checkWhileWaiting);
        loop.schedule(
                () -> {
                    current.pauseEnds(nanoTime.getAsLong());
                    then.run();
                },
                current.pausePlannedNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Whether its passages are to be ranked, since its query was embedded. */
    public boolean goesOn() {
        return !search.failed();
    }

    /** The next request ranks the passages of this search. */
    public void ranks() {
        search.ranks();
        Optional<Arrival> at =
                arrival.map(begun -> new Arrival(search.intendedEndOfPauseNanos(), begun.stage(), false));
        at.ifPresent(level::ranks);
        last().nextIsStep(stage, at, Optional.of(search.ranking()), search::ranked);
    }

    /** The search is over, but for the check of its last answer. */
    public void searched() {
        failed = first().failed() | last().failed();
        search.left();
    }

    /** Whether a failure is still unreported; the user then pauses before its next search. */
    public boolean failed() {
        return failed;
    }

    /** The user is done with the level. */
    public void leave() {
        steps.forEach(VirtualUser::leave);
    }
}
