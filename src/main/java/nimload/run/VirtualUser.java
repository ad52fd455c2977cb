package nimload.run;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nimload.emulator.EmbeddedNim;
import nimload.measure.ErrorKind;
import nimload.measure.LevelRecorder;
import nimload.plan.LoadPoint;
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

    /** What a record needs to know of a request, while the user goes on. */
    private record Request(
            Phase phase, int bodyIndex, boolean full, long sentNanos, long answeredNanos, OptionalLong serviceMicros) {}

    /** From here on a check takes longer than its hand-over, some 0.05 ms. */
    private static final int DEFERRED_FROM_BYTES = 64 << 10;

    private static final Outcome NO_ANSWER = new Outcome(
            Optional.of(new Failure(ErrorKind.CONNECTION, "no answer")), OptionalLong.empty(), Optional.empty());

    private static final Supplier<Outcome> NOTHING_TO_CHECK = () -> NO_ANSWER;

    private static final Outcome UNDECIDED = new Outcome(Optional.empty(), OptionalLong.empty(), Optional.empty());

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
    private OptionalLong serviceMicros = OptionalLong.empty();
    private long previousAnswerNanos;
    private boolean hasPreviousAnswer;
    private Outcome outcome = NO_ANSWER;
    private boolean deferred;
    private Supplier<Outcome> check = NOTHING_TO_CHECK;
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

    /**
     * The last byte of the answer was read. Takes the time before anything else, then checks: a small answer here and now, a
     * large one on a thread of its own while the next request is under way, since the check would make that late.
     *
     * @param header a header's value by its name, null if there is none
     */
    public void answered(int status, UnaryOperator<String> header, Supplier<byte[]> body) {
        answeredNanos = System.nanoTime();
        answered = true;
        if (level.added().isPresent()) {
            serviceMicros = serviceMicros(header.apply(EmbeddedNim.SERVICE_HEADER));
        }
        byte[] bytes = body.get();
        deferred = bytes.length >= DEFERRED_FROM_BYTES && status == 200;
        if (deferred) {
            outcome = UNDECIDED;
            LoadPoint point = level.point();
            Optional<AnswerValues> alone = full ? level.alone(bodyIndex) : Optional.empty();
            boolean inFull = full;
            check = () -> inFull
                    ? AnswerCheck.values(point, status, bytes, alone)
                    : AnswerCheck.structure(point, status, bytes);
        } else {
            outcome = level.withoutKey(
                    full
                            ? AnswerCheck.values(level.point(), status, bytes, level.alone(bodyIndex))
                            : AnswerCheck.structure(level.point(), status, bytes));
        }
    }

    private static OptionalLong serviceMicros(String text) {
        return text != null && text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** What was wrong with the last answer, for people; empty if nothing, or if its check is deferred. */
    public Optional<String> problem() {
        return outcome.failure().map(failure -> failure.kind().key() + ": " + failure.detail());
    }

    /** Records the last request, whatever became of it; one whose check is deferred as soon as that is done. */
    public void settle() {
        if (!answered) {
            answeredNanos = System.nanoTime();
        }
        if (!sent) {
            sentNanos = answeredNanos;
        }
        previousAnswerNanos = answeredNanos;
        Request request = new Request(phase, bodyIndex, full, sentNanos, answeredNanos, serviceMicros);
        serviceMicros = OptionalLong.empty();
        if (deferred) {
            deferred = false;
            failed = false;
            Supplier<Outcome> later = check;
            // It holds the answer, and Gatling holds its users longer than their levels last.
            check = NOTHING_TO_CHECK;
            level.defer(() -> {
                Outcome found = level.withoutKey(later.get());
                if (found.failure().isPresent()) {
                    lateFailure = true;
                }
                record(request, found, ErrorKind.CONNECTION);
            });
        } else {
            failed = outcome.failure().isPresent();
            // Gatling's timeout begins before the request is written.
            boolean timedOut = !answered
                    && answeredNanos - preparedNanos >= level.requestTimeout().toNanos();
            record(request, outcome, timedOut ? ErrorKind.TIMEOUT : ErrorKind.CONNECTION);
        }
        hasPreviousAnswer = phase == Phase.MEASUREMENT && !failed;
    }

    /** @param unanswered the kind of a request that got no answer */
    private void record(Request request, Outcome outcome, ErrorKind unanswered) {
        Optional<Failure> failure =
                outcome == NO_ANSWER ? Optional.of(new Failure(unanswered, "no answer")) : outcome.failure();
        LevelRecorder recorder = level.recorder();
        switch (request.phase()) {
            case ALONE -> outcome.values().ifPresent(values -> level.keepAlone(request.bodyIndex(), values));
            case WARM_UP -> failure.ifPresent(problem -> recorder.warmUpFailure(problem.kind(), problem.detail()));
            case MEASUREMENT -> {
                if (failure.isPresent()) {
                    recorder.failure(
                            request.sentNanos(),
                            request.answeredNanos(),
                            failure.get().kind(),
                            failure.get().detail());
                } else {
                    recorder.success(request.sentNanos(), request.answeredNanos(), outcome.tokens(), request.full());
                    level.added()
                            .ifPresent(added -> added.success(
                                    request.answeredNanos() - request.sentNanos(), request.serviceMicros()));
                }
            }
        }
    }

    /** Whether a request failed of which this was not yet said, so that the user waits a moment before the next. */
    public boolean failed() {
        boolean late = lateFailure;
        if (late) {
            lateFailure = false;
            // The wait is not the client's share of the loop.
            hasPreviousAnswer = false;
        }
        return failed || late;
    }

    /** The user is done with the level. */
    public void leave() {
        level.userLeft();
    }
}
