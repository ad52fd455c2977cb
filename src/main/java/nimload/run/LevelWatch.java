package nimload.run;

import java.util.concurrent.Executor;
import nimload.measure.Observations;

/**
 * Observes something other than the requests while a level is measured. The measurement's two calls come between requests:
 * the first before any of them is sent, the second after the last was answered. Neither may throw or take longer than a
 * second.
 */
interface LevelWatch {
    /** Called for each user before the measurement begins. */
    default void userLivesOn(Executor loop) {}

    default void measurementBegins() {}

    Observations measurementEnded();
}
