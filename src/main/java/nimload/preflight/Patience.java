package nimload.preflight;

import java.time.Duration;
import nimload.UserError;
import nimload.preflight.NoAnswer.Reason;

/**
 * How long a server may take for one answer.
 *
 * @param ready whether it is ready
 * @param quick what it knows without its model
 * @param work a small request
 */
record Patience(Duration ready, Duration quick, Duration work) {
    /**
     * A server on a busy machine may need a moment; a hopeless run still ends within ten seconds. The first small request
     * may have to load the engine.
     */
    static final Patience REAL = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5));

    /** This process's own server answers as soon as the machine lets it. */
    static final Patience EMBEDDED =
            new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    /** Says whose machine is slow. */
    UserError error(NoAnswer none) {
        return equals(EMBEDDED) && none.reason() == Reason.TIMEOUT
                ? new UserError(
                        "nimload's embedded NIM did not answer " + none.asked().getPath() + " within "
                                + NoAnswer.seconds(none.timeout())
                                + " s: this machine is too busy to measure on; stop what else runs here and start again",
                        none.problem())
                : none.error();
    }
}
