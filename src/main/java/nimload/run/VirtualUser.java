package nimload.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.Dispatcher.Arrival;
import nimload.run.RequestInFlight.End;
import nimload.run.RequestInFlight.Stage;

/**
 * One user of a level: it sends, waits for the answer, and sends again.
 *
 * <p>In the order of a request: one of {@link #warmsUp}, {@link #measures}, {@link #coolsDown}, then {@link #nextBody}, {@link
 * #sent}, {@link #answered} unless the connection failed, {@link #problem}, {@link #settle}. Used by one thread at a time.
 */
public final class VirtualUser {
    /** From here on a check takes so long that the next answer might wait for it: it goes to another thread. */
    private static final int LARGE_BYTES = 64 << 10;

    /** A server closes connections that nobody used for seconds; none closes one in the moment between two requests. */
    private static final long IDLE_NANOS = Duration.ofMillis(50).toNanos();

    /** By then the news that an idle connection was closed has met the request on its way. */
    private static final long CLOSED_WHILE_IDLE_NANOS = Duration.ofMillis(5).toNanos();

    private final Level level;
    private final int number;
    private final Executor loop;
    private final LongSupplier nanoTime;
    private Stage stage = Stage.ALONE;
    /** Of an open level: what it is to send next. */
    private Optional<Arrival> arrival = Optional.empty();

    /** The body that it is to send next, if that is chosen. */
    private Optional<Body> chosen = Optional.empty();
    /** Is told what became of the next request. */
    private BiConsumer<RequestInFlight, Outcome> listener = (ended, outcome) -> {};

    private int aloneSent;
    private RequestInFlight request;
    /** When the request before ended, whatever became of it. */
    private OptionalLong previousEndNanos = OptionalLong.empty();
    /** Likewise, if the time since then is the client's own. */
    private OptionalLong previousAnswerNanos = OptionalLong.empty();

    /** Whether it was written a second time. */
    private boolean writtenAgain;

    private boolean large;
    private boolean failed;

    /** Found by a check while the user went on. */
    private volatile boolean lateFailure;

    /** Of the request before, to be done while the next is under way; it may hold a small answer. */
    private Optional<Runnable> unchecked = Optional.empty();

    /** A connection broke under a request, and Gatling is about to send the request once more. */
    private static final class BrokenConnection extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenConnection() {
            super("the connection broke before the answer was whole", null, false, false);
        }
    }

    /**
     * @param number from 0; the first opens the level
     * @param loop that runs what the user does
     * @param nanoTime as {@link System#nanoTime()}
     */
    VirtualUser(Level level, int number, Executor loop, LongSupplier nanoTime) {
        this.level = level;
        this.number = number;
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** Where it posts its requests to: always to the same replica. */
    public String url() {
        return level.plan().urls().get(level.plan().replicaOf(number));
    }

    /** In Gatling's report. */
    public String levelName() {
        return level.plan().point().name();
    }

    /** Whether this user opens the level for all. */
    public boolean opensLevel() {
        return number == 0;
    }

    /** Whether the level has fewer places than users, and none for this one. */
    public boolean surplus() {
        return !level.has(number);
    }

    public void openLevel() {
        level.open();
    }

    /** Whether there are requests left that one user sends while the others wait. */
    public boolean sendsAlone() {
        return aloneSent < level.requests().references().size();
    }

    /** Whether the next request is one of the warm-up. */
    public boolean warmsUp() {
        return isIn(Stage.WARM_UP);
    }

    /** Whether the next request counts. */
    public boolean measures() {
        return isIn(Stage.MEASUREMENT);
    }

    /** Whether there is another request after those that count. */
    public boolean coolsDown() {
        return isIn(Stage.COOL_DOWN);
    }

    /**
     * Waits until all users of the level have come.
     *
     * @param then runs on this user's thread
     */
    public void awaitOthers(Runnable then) {
        level.awaitAll(() -> loop.execute(then));
    }

    /**
     * Waits until a request of the open level is to be sent, or the level is over.
     *
     * @param then runs on this user's thread
     */
    public void awaitArrival(Runnable then) {
        // What is left to do must not wait for the next request.
        checkWhileWaiting();
        level.idle(next -> loop.execute(() -> {
            arrival = Optional.of(next);
            stage = next.stage();
            then.run();
        }));
    }

    /** Whether the open level goes on. */
    public boolean arrives() {
        return stage != Stage.OVER;
    }

    /** Whether the request that it is to send counts. */
    public boolean counts() {
        return stage == Stage.MEASUREMENT;
    }

    private boolean isIn(Stage wanted) {
        Stage now = level.stage(nanoTime.getAsLong());
        if (now != stage) {
            previousAnswerNanos = OptionalLong.empty();
            stage = now;
        }
        return now == wanted;
    }

    /**
     * The next request is a step of something larger, which says when it is sent and hears what became of it.
     *
     * @param at when it is to be sent; empty: as soon as it is prepared
     * @param body empty: the next one
     * @param heard called once the answer is checked, on any thread
     */
    void nextIsStep(Stage of, Optional<Arrival> at, Optional<Body> body, BiConsumer<RequestInFlight, Outcome> heard) {
        stage = of;
        arrival = at;
        chosen = body;
        listener = heard;
        // What lies between is not the client's own.
        previousAnswerNanos = OptionalLong.empty();
    }

    /** Has the answer before checked now, while this user waits. */
    void checkWhileWaiting() {
        unchecked.ifPresent(loop::execute);
        unchecked = Optional.empty();
    }

    /** The body to send next. */
    public byte[] nextBody() {
        long now = nanoTime.getAsLong();
        LevelRequests requests = level.requests();
        writtenAgain = false;
        request = stage == Stage.ALONE
                ? requests.alone(requests.references().get(aloneSent++), now)
                : arrival.map(next -> requests.next(next, chosen, now))
                        .orElseGet(() -> requests.next(stage, chosen, now));
        chosen = Optional.empty();
        return request.body().bytes();
    }

    /**
     * The request is about to be written on an open connection.
     *
     * @throws RuntimeException the second time: the connection broke, which is how the request ended. Gatling would send it
     *     again without a word; only if the server had closed the connection before it saw the request, nobody was failed.
     *     The third time always: the connection of the second was new
     */
    public void sent() {
        long now = nanoTime.getAsLong();
        if (request.wasSent()) {
            if (writtenAgain || !connectionWasClosedIdle(now)) {
                throw new BrokenConnection();
            }
            writtenAgain = true;
            level.requests().sentAgain(number);
        } else {
            level.requests().sent(number, now);
            // Runs when this event loop has written the request, so it delays neither that nor, in the end, its answer.
            checkWhileWaiting();
            if (arrival.isPresent()) {
                sentAtItsTime(now);
            } else if (previousAnswerNanos.isPresent()) {
                level.requests().gap(now - previousAnswerNanos.getAsLong());
            }
        }
        request = request.sent(now, level.requests().stalledNanos());
    }

    private void sentAtItsTime(long nowNanos) {
        arrival.filter(next -> next.stage() == Stage.MEASUREMENT && !next.waited())
                .ifPresent(next -> level.requests().sentAtItsTime(next.intendedNanos(), nowNanos));
    }

    private boolean connectionWasClosedIdle(long nowNanos) {
        long sent = request.sentNanos().orElseThrow();
        return previousEndNanos.isPresent()
                && sent - previousEndNanos.getAsLong() >= IDLE_NANOS
                && nowNanos - sent <= CLOSED_WHILE_IDLE_NANOS;
    }

    /**
     * The last byte of the answer was read. Takes the time before anything else. An answer is checked while the next request
     * is under way, since the check would delay that one; what is no answer is one at once.
     *
     * @param header a header's value by its name, null if there is none
     */
    public void answered(int status, UnaryOperator<String> header, Supplier<byte[]> body) {
        long now = nanoTime.getAsLong();
        LevelRequests requests = level.requests();
        OptionalLong serviceMicros = requests.serviceMicros(header);
        byte[] bytes = body.get();
        boolean framed = header.apply("content-length") != null || header.apply("transfer-encoding") != null;
        Supplier<Outcome> check = requests.check(request, status, framed, bytes);
        large = bytes.length >= LARGE_BYTES;
        request = request.ended(
                new End(
                        now,
                        serviceMicros,
                        bytes.length,
                        check,
                        status == 200 ? Optional.empty() : Optional.of(check.get())),
                requests.stalledNanos());
    }

    /** The kind of a failure that is known already; empty for an answer, which is still to be checked. */
    public Optional<String> problem() {
        return request.end()
                .flatMap(End::outcome)
                .flatMap(Outcome::failure)
                .map(failure -> failure.kind().key());
    }

    /** Records the request, whatever became of it; an answer as soon as it is checked. */
    public void settle() {
        RequestInFlight settled = request.end().isPresent()
                ? request
                : request.unanswered(
                        nanoTime.getAsLong(),
                        level.plan().times().requestTimeout(),
                        level.requests().stalledNanos());
        // It may hold a large answer, and Gatling holds its users longer than their levels last.
        request = null;
        End end = settled.end().orElseThrow();
        level.requests().ended(number, settled);
        failed = end.outcome().flatMap(Outcome::failure).isPresent();
        BiConsumer<RequestInFlight, Outcome> heard = listener;
        end.outcome()
                .ifPresentOrElse(outcome -> record(settled, outcome, heard), () -> checkLater(settled, end, heard));
        previousEndNanos = OptionalLong.of(end.nanos());
        previousAnswerNanos =
                stage == Stage.MEASUREMENT && !failed ? OptionalLong.of(end.nanos()) : OptionalLong.empty();
    }

    private void record(RequestInFlight settled, Outcome outcome, BiConsumer<RequestInFlight, Outcome> heard) {
        level.requests().record(number, settled, outcome);
        heard.accept(settled, outcome);
    }

    private void checkLater(RequestInFlight settled, End end, BiConsumer<RequestInFlight, Outcome> heard) {
        Runnable check = level.outstanding(() -> checkLate(settled, end, heard));
        if (large) {
            level.checkElsewhere(check);
        } else {
            unchecked = Optional.of(check);
        }
    }

    private void checkLate(RequestInFlight settled, End end, BiConsumer<RequestInFlight, Outcome> heard) {
        Outcome outcome = end.check().get();
        if (outcome.failure().isPresent()) {
            lateFailure = true;
        }
        record(settled, outcome, heard);
    }

    /** Whether a failure is still unreported; the user then pauses before its next request. */
    public boolean failed() {
        boolean late = lateFailure;
        if (late) {
            lateFailure = false;
            // The pause is not the client's share of the loop.
            previousAnswerNanos = OptionalLong.empty();
        }
        return failed || late;
    }

    /** The user is done with the level. */
    public void leave() {
        unchecked.ifPresent(Runnable::run);
        unchecked = Optional.empty();
        level.userLeft();
    }
}
