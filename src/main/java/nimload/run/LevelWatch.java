package nimload.run;

import java.util.concurrent.Executor;
import nimload.measure.Observations;

/**
 * Observes something other than the requests while a level runs. Called in this order, on one thread at a time; while the
 * window opens and closes the load goes on. None may throw or take longer than a second.
 */
interface LevelWatch {
    /** Called for each user before the level begins. */
    default void userLivesOn(Executor loop) {}

    /** Nothing is in flight yet. */
    default void levelOpens() {}

    default void windowOpens() {}

    default void windowCloses() {}

    /** Nothing is in flight any more. */
    Observations levelClosed();
}
