package nimload.run;

import java.util.concurrent.Executor;
import nimload.measure.Observations;

/**
 * Looks at something beside the requests while a level is measured. The calls of the measurement come between requests: the first before
 * any of the measurement is sent, the second after the last was answered. Neither may take longer than a second or throw.
 */
interface LevelWatch {
    /** Called for each user before the measurement begins. */
    default void userLivesOn(Executor loop) {}

    void measurementBegins();

    Observations measurementEnded();
}
