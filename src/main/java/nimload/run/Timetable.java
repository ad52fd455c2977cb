package nimload.run;

import java.time.Duration;
import java.time.Instant;
import nimload.run.LevelPlan.Times;

/**
 * When each level of a run begins that several generators run together. All of them compute it from the same settings, so
 * they need not talk to each other while they run: what they share is the clock.
 *
 * @param startAt when the first level begins
 * @param untilWindow from a level's beginning to the opening of its window
 * @param window how long it is
 * @param slot from a level's beginning to the next one's
 */
record Timetable(Instant startAt, Duration untilWindow, Duration window, Duration slot) {
    /** For users to connect and the requests that one of them sends alone, before the warm-up. */
    private static final Duration ALONE = Duration.ofSeconds(2);

    /** For the last answers, and for the next level's users: Gatling takes up to 1.1 s from one level to the next. */
    private static final Duration BETWEEN = Duration.ofSeconds(3);

    static Timetable of(Instant startAt, Times times) {
        Duration untilWindow = ALONE.plus(times.warmUp());
        return new Timetable(
                startAt,
                untilWindow,
                times.measurement(),
                untilWindow.plus(times.measurement()).plus(times.comparison()).plus(BETWEEN));
    }

    /** @param level number of the level, from 0, among those of all generators and repeats */
    Instant begins(int level) {
        return startAt.plus(slot.multipliedBy(level));
    }

    /** When its measured window opens. */
    Instant opens(int level) {
        return begins(level).plus(untilWindow);
    }

    /** When the window ends of a generator that opened it in time. */
    Instant closes(int level) {
        return opens(level).plus(window);
    }

    /** Whether the others' window is over, so that this generator would measure alone. */
    boolean missed(int level, Instant now) {
        return !now.isBefore(closes(level));
    }
}
