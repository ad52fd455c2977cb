package nimload.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import nimload.measure.ErrorKind;
import nimload.run.AnswerCheck.Outcome;

/**
 * One request as far as it got: prepared, sent, ended. Times are of {@link System#nanoTime()}.
 *
 * @param readInFull whether every value of the answer is read, not its structure and fingerprint alone
 * @param stalledNanos for which this client had stood still when it was sent, on a counter that only grows; once it has
 *     ended, for which it stood still meanwhile
 * @param again whether its body was measured before, so that the two answers can be compared
 * @param intendedNanos when it was to be sent, of an open level; empty: as soon as it is prepared
 * @param wasSent whether it was written
 * @param end empty while it is under way
 */
record RequestInFlight(
        Stage stage,
        Body body,
        boolean again,
        boolean readInFull,
        long preparedNanos,
        OptionalLong intendedNanos,
        boolean wasSent,
        OptionalLong sentNanos,
        long stalledNanos,
        Optional<End> end) {

    /** When in the level it is sent. */
    enum Stage {
        /** One user sends while the others wait. */
        ALONE,
        WARM_UP,
        /** It counts. */
        MEASUREMENT,
        /** Until the last that counts is answered, and while answers are compared. */
        COOL_DOWN,
        /** Nothing more is sent. */
        OVER
    }

    /**
     * @param nanos of the last byte of the answer, or of the failure
     * @param serviceMicros the server's own time, if it sends it
     * @param answerBytes of the answer's body; 0 without an answer
     * @param outcome empty until {@code check} has run
     */
    record End(
            long nanos,
            OptionalLong serviceMicros,
            int answerBytes,
            Supplier<Outcome> check,
            Optional<Outcome> outcome) {
        private static End failed(long nanos, Outcome outcome) {
            return new End(nanos, OptionalLong.empty(), 0, () -> outcome, Optional.of(outcome));
        }
    }

    static RequestInFlight prepared(Stage stage, Body body, boolean readInFull, long nanos) {
        return prepared(stage, body, false, readInFull, nanos);
    }

    /** One of the cool-down with a body that was measured. */
    static RequestInFlight again(Body body, boolean readInFull, long nanos) {
        return prepared(Stage.COOL_DOWN, body, true, readInFull, nanos);
    }

    private static RequestInFlight prepared(Stage stage, Body body, boolean again, boolean readInFull, long nanos) {
        return new RequestInFlight(
                stage,
                body,
                again,
                readInFull,
                nanos,
                OptionalLong.empty(),
                false,
                OptionalLong.empty(),
                0,
                Optional.empty());
    }

    /** The same, to be sent at a set time. */
    RequestInFlight intended(long nanos) {
        return new RequestInFlight(
                stage,
                body,
                again,
                readInFull,
                preparedNanos,
                OptionalLong.of(nanos),
                wasSent,
                sentNanos,
                stalledNanos,
                end);
    }

    RequestInFlight sent(long nanos, long stalled) {
        return new RequestInFlight(
                stage,
                body,
                again,
                readInFull,
                preparedNanos,
                intendedNanos,
                true,
                OptionalLong.of(nanos),
                stalled,
                Optional.empty());
    }

    /** @param stalled the counter now */
    RequestInFlight ended(End end, long stalled) {
        OptionalLong sent = OptionalLong.of(sentNanos.orElse(end.nanos));
        return new RequestInFlight(
                stage,
                body,
                again,
                readInFull,
                preparedNanos,
                intendedNanos,
                wasSent,
                sent,
                stalled - stalledNanos,
                Optional.of(end));
    }

    /**
     * @param timeout Gatling's, which starts before the request is written
     * @param stalled the counter now
     */
    RequestInFlight unanswered(long nanos, Duration timeout, long stalled) {
        End end = End.failed(
                nanos,
                nanos - preparedNanos >= timeout.toNanos()
                        ? Outcome.failed(ErrorKind.TIMEOUT, "no answer")
                        : Outcome.failed(
                                ErrorKind.CONNECTION,
                                sentNanos.isPresent() ? "broken before the answer was whole" : "not established"));
        return ended(end, stalled);
    }
}
