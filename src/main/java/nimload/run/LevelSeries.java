package nimload.run;

import java.util.Optional;

/** Levels of which each depends on what those before it showed, run by the same users. Safe for many threads. */
public interface LevelSeries {
    /** What all of its levels have in common: the server, the headers, the kind of load. */
    LevelPlan plan();

    /** Whether it is not known yet what the step after this many is. */
    boolean awaits(int step);

    /**
     * The level of a step that is not awaited, always the same.
     *
     * @param step from 0
     * @return empty if the series ended before it
     */
    Optional<Level> level(int step);

    /** Waits for the last checks of a series whose users have left. */
    void awaitClosed();
}
