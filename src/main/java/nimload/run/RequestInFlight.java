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
 * @param body number of its body
 * @param readInFull whether every value of the answer is read and compared, not its structure alone
 * @param end empty while it is under way
 */
record RequestInFlight(
        Stage stage, int body, boolean readInFull, long preparedNanos, OptionalLong sentNanos, Optional<End> end) {

    /** When in the level it is sent. */
    enum Stage {
        ALONE,
        WARM_UP,
        MEASUREMENT
    }

    /**
     * @param nanos of the last byte of the answer, or of the failure
     * @param serviceMicros the server's own time, if it sends it
     * @param outcome empty until {@code check} has run
     */
    record End(long nanos, OptionalLong serviceMicros, Supplier<Outcome> check, Optional<Outcome> outcome) {}

    static RequestInFlight prepared(Stage stage, int body, boolean readInFull, long nanos) {
        return new RequestInFlight(stage, body, readInFull, nanos, OptionalLong.empty(), Optional.empty());
    }

    RequestInFlight sent(long nanos) {
        return new RequestInFlight(stage, body, readInFull, preparedNanos, OptionalLong.of(nanos), end);
    }

    RequestInFlight ended(End end) {
        OptionalLong sent = OptionalLong.of(sentNanos.orElse(end.nanos));
        return new RequestInFlight(stage, body, readInFull, preparedNanos, sent, Optional.of(end));
    }

    /** @param timeout Gatling's, which starts before the request is written */
    RequestInFlight unanswered(long nanos, Duration timeout) {
        ErrorKind kind = nanos - preparedNanos >= timeout.toNanos() ? ErrorKind.TIMEOUT : ErrorKind.CONNECTION;
        Outcome outcome = Outcome.failed(kind, "no answer");
        return ended(new End(nanos, OptionalLong.empty(), () -> outcome, Optional.of(outcome)));
    }
}
