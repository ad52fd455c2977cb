package nimload.run;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How far a run is and about how long the rest takes: as long as planned until a level has ended, then as long per level as
 * those that ended took, since a level may last longer than planned while it waits for requests.
 *
 * <p>Safe for the threads of its levels, of which one runs at a time.
 */
final class Pace {
    /** A level's users leave and the next ones connect in 0.3 to 1.1 s. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final int STEP_SECONDS = 10;

    private final int levels;
    private final Duration planned;
    private final LongSupplier nanoTime;
    private int ended;
    private long tookNanos;
    private long openedNanos;

    /**
     * @param levels of the run, with its repeats
     * @param planned length of each
     */
    Pace(int levels, Duration planned, LongSupplier nanoTime) {
        this.levels = levels;
        this.planned = planned;
        this.nanoTime = nanoTime;
    }

    /**
     * {@code [7/23, about 2 min left]}, where the rest includes this level.
     *
     * @param number of the level that opens, from 1
     */
    synchronized String opens(int number) {
        openedNanos = nanoTime.getAsLong();
        Duration each = ended == 0 ? planned : Duration.ofNanos(tookNanos / ended);
        return "[" + number + "/" + levels + ", about "
                + text(each.plus(BETWEEN).multipliedBy(levels - number + 1)) + " left]";
    }

    synchronized void closed() {
        tookNanos += nanoTime.getAsLong() - openedNanos;
        ended++;
    }

    /** Rounded: {@code 10 s}, {@code 2 min} or {@code 1 h 20 min}. */
    static String text(Duration time) {
        long steps = Math.max(1, Math.round(time.toMillis() / 1e3 / STEP_SECONDS));
        if (steps * STEP_SECONDS < Duration.ofMinutes(1).toSeconds()) {
            return steps * STEP_SECONDS + " s";
        }
        Duration rounded = Duration.ofMinutes(Math.round(time.toMillis() / 6e4));
        return rounded.toHours() == 0
                ? rounded.toMinutes() + " min"
                : rounded.toHours() + " h"
                        + (rounded.toMinutesPart() > 0 ? " " + rounded.toMinutesPart() + " min" : "");
    }
}
