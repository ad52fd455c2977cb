package nimload.run;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import nimload.measure.ErrorKind;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;

/**
 * One user of a level: it sends, waits for the answer, and sends again. Holds the times of its request in flight.
 *
 * <p>In the order of a request: {@link #nextBody}, {@link #sent}, {@link #answered} unless the connection failed, {@link
 * #problem}, {@link #settle}. Used by one thread at a time.
 */
public final class VirtualUser {
    private enum Phase {
        ALONE,
        WARM_UP,
        MEASUREMENT
    }

    private static final Outcome NO_ANSWER = new Outcome(
            Optional.of(new Failure(ErrorKind.CONNECTION, "no answer")), OptionalLong.empty(), Optional.empty());

    private final Level level;
    private final boolean first;
    private Phase phase = Phase.ALONE;
    private long measurementEndNanos;
    private int aloneSent;

    private int bodyIndex;
    private boolean full;
    private boolean sent;
    private boolean answered;
    private long preparedNanos;
    private long sentNanos;
    private long answeredNanos;
    private long previousAnswerNanos;
    private boolean hasPreviousAnswer;
    private Outcome outcome = NO_ANSWER;
    private boolean failed;

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
        return aloneSent < level.references();
    }

    public void startWarmUp() {
        phase = Phase.WARM_UP;
    }

    public void startMeasurement() {
        phase = Phase.MEASUREMENT;
        measurementEndNanos = level.measurementEndNanos();
        hasPreviousAnswer = false;
    }

    /** Whether the phase still has time for another request. */
    public boolean goesOn() {
        return phase == Phase.WARM_UP ? level.warmUpGoesOn() : System.nanoTime() - measurementEndNanos < 0;
    }

    /** The body to send next. */
    public byte[] nextBody() {
        preparedNanos = System.nanoTime();
        sent = false;
        answered = false;
        outcome = NO_ANSWER;
        switch (phase) {
            case ALONE -> {
                bodyIndex = aloneSent++;
                full = true;
            }
            case WARM_UP -> {
                bodyIndex = level.nextBodyIndex();
                full = true;
            }
            case MEASUREMENT -> {
                int number = level.nextMeasuredNumber();
                full = number % Level.FULL_CHECK_EVERY == 0;
                bodyIndex = full ? number / Level.FULL_CHECK_EVERY % level.references() : level.nextBodyIndex();
            }
        }
        return level.body(bodyIndex);
    }

    /** The request is about to be written on an open connection. */
    public void sent() {
        if (sent) {
            // Written again on a new connection, since the server had closed the old one: time goes on from the first.
            return;
        }
        sentNanos = System.nanoTime();
        sent = true;
        if (hasPreviousAnswer) {
            level.recorder().gap(sentNanos - previousAnswerNanos);
        }
    }

    /** The last byte of the answer was read. Takes the time before anything else, then checks. */
    public void answered(int status, Supplier<byte[]> body) {
        answeredNanos = System.nanoTime();
        answered = true;
        outcome = full
                ? AnswerCheck.values(level.point(), status, body.get(), level.alone(bodyIndex))
                : AnswerCheck.structure(level.point(), status, body.get());
    }

    /** What was wrong with the last answer, for people; empty if nothing. */
    public Optional<String> problem() {
        return outcome.failure().map(failure -> failure.kind().key() + ": " + failure.detail());
    }

    /** Records the last request, whatever became of it. */
    public void settle() {
        if (!answered) {
            answeredNanos = System.nanoTime();
        }
        if (!sent) {
            sentNanos = answeredNanos;
        }
        previousAnswerNanos = answeredNanos;
        hasPreviousAnswer = phase == Phase.MEASUREMENT && outcome.failure().isEmpty();
        Optional<Failure> failure = outcome.failure();
        failed = failure.isPresent();
        switch (phase) {
            case ALONE -> outcome.values().ifPresent(values -> level.keepAlone(bodyIndex, values));
            case WARM_UP ->
                failure.ifPresent(problem -> level.recorder().warmUpFailure(kind(problem), problem.detail()));
            case MEASUREMENT -> {
                if (failure.isPresent()) {
                    level.recorder()
                            .failure(
                                    sentNanos,
                                    answeredNanos,
                                    kind(failure.get()),
                                    failure.get().detail());
                } else {
                    level.recorder().success(sentNanos, answeredNanos, outcome.tokens(), full);
                }
            }
        }
    }

    private ErrorKind kind(Failure failure) {
        boolean timedOut =
                !answered && answeredNanos - sentNanos >= level.requestTimeout().toNanos();
        return timedOut ? ErrorKind.TIMEOUT : failure.kind();
    }

    /** Whether the last request failed, so that the user waits a moment before the next. */
    public boolean failed() {
        return failed;
    }

    /** The user is done with the level. */
    public void leave() {
        level.userLeft();
    }
}
