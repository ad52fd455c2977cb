package nimload.run;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.RequestInFlight.End;
import nimload.run.RequestInFlight.Stage;

/**
 * One user of a level: it sends, waits for the answer, and sends again.
 *
 * <p>In the order of a request: {@link #nextBody}, {@link #sent}, {@link #answered} unless the connection failed, {@link
 * #problem}, {@link #settle}. Used by one thread at a time.
 */
public final class VirtualUser {
    /** From here on a check takes longer than its hand-over to another thread, some 0.05 ms. */
    private static final int DEFERRED_FROM_BYTES = 64 << 10;

    private final Level level;
    private final boolean first;
    private Stage stage = Stage.ALONE;
    private int aloneSent;
    private long measurementEndNanos;
    private RequestInFlight request;
    /** Of the request before, if the time since then is the client's own. */
    private OptionalLong previousAnswerNanos = OptionalLong.empty();

    private boolean failed;

    /** Found by a deferred check, while the user went on. */
    private volatile boolean lateFailure;

    VirtualUser(Level level, boolean first) {
        this.level = level;
        this.first = first;
    }

    /** Whether this user opens the level for all. */
    public boolean opensLevel() {
        return first;
    }

    public void openLevel() {
        level.open();
    }

    /** Whether there are requests left that one user sends while the others wait. */
    public boolean sendsAlone() {
        return aloneSent < LevelRequests.REFERENCES;
    }

    public void startWarmUp() {
        stage = Stage.WARM_UP;
    }

    public void startMeasurement() {
        stage = Stage.MEASUREMENT;
        measurementEndNanos = level.measurementEndNanos();
        previousAnswerNanos = OptionalLong.empty();
    }

    /** Whether there is time for another request. */
    public boolean goesOn() {
        return stage == Stage.WARM_UP ? level.warmUpGoesOn() : System.nanoTime() - measurementEndNanos < 0;
    }

    /** The body to send next. */
    public byte[] nextBody() {
        long now = System.nanoTime();
        LevelRequests requests = level.requests();
        request = switch (stage) {
            case ALONE -> requests.alone(aloneSent++, now);
            case WARM_UP -> requests.warmUp(now);
            case MEASUREMENT -> requests.measured(now);
        };
        return requests.body(request);
    }

    /** The request is about to be written on an open connection. */
    public void sent() {
        if (request.sentNanos().isPresent()) {
            // Written again on a new connection because the server had closed the old one: the first time counts.
            return;
        }
        long now = System.nanoTime();
        request = request.sent(now);
        if (previousAnswerNanos.isPresent()) {
            level.requests().gap(now - previousAnswerNanos.getAsLong());
        }
    }

    /**
     * The last byte of the answer was read. Takes the time before anything else, then checks: a small answer here and now, a
     * large one on another thread while the next request is under way, since the check would delay that one.
     *
     * @param header a header's value by its name, null if there is none
     */
    public void answered(int status, UnaryOperator<String> header, Supplier<byte[]> body) {
        long now = System.nanoTime();
        LevelRequests requests = level.requests();
        OptionalLong serviceMicros = requests.serviceMicros(header);
        byte[] bytes = body.get();
        Supplier<Outcome> check = requests.check(request, status, bytes);
        boolean later = bytes.length >= DEFERRED_FROM_BYTES && status == 200;
        request =
                request.ended(new End(now, serviceMicros, check, later ? Optional.empty() : Optional.of(check.get())));
    }

    /** What was wrong with the answer, for people; empty if nothing, or if its check is deferred. */
    public Optional<String> problem() {
        return request.end()
                .flatMap(End::outcome)
                .flatMap(Outcome::failure)
                .map(failure -> failure.kind().key() + ": " + failure.detail());
    }

    /** Records the request, whatever became of it; if its check is deferred, as soon as that is done. */
    public void settle() {
        RequestInFlight settled = request.end().isPresent()
                ? request
                : request.unanswered(System.nanoTime(), level.plan().times().requestTimeout());
        // It may hold a large answer, and Gatling holds its users longer than their levels last.
        request = null;
        End end = settled.end().orElseThrow();
        failed = end.outcome().flatMap(Outcome::failure).isPresent();
        end.outcome()
                .ifPresentOrElse(
                        outcome -> level.requests().record(settled, outcome),
                        () -> level.defer(() -> checkLate(settled, end)));
        previousAnswerNanos =
                stage == Stage.MEASUREMENT && !failed ? OptionalLong.of(end.nanos()) : OptionalLong.empty();
    }

    private void checkLate(RequestInFlight settled, End end) {
        Outcome outcome = end.check().get();
        if (outcome.failure().isPresent()) {
            lateFailure = true;
        }
        level.requests().record(settled, outcome);
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
        level.userLeft();
    }
}
