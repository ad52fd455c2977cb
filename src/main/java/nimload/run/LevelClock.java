package nimload.run;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import nimload.run.LevelPlan.Times;
import nimload.run.RequestInFlight.Stage;

/**
 * Where a level stands, decided anew whenever a user is about to send: it warms up, measures, and cools down, without a pause
 * in between, so that every counted request meets a server that is as busy before and after it. Safe for many threads.
 *
 * <p>The measured window begins and ends when a user is about to send. So it holds whole rounds of a steady closed loop, and
 * its rate is not off by the part of a round that fixed times would cut. An open level of several generators, whose rounds are
 * not steady, is asked between arrivals too.
 */
final class LevelClock {
    /** The warm-up may last this much longer while the JVM still compiles. */
    private static final Duration COMPILER_PATIENCE = Duration.ofSeconds(2);

    /** What a level knows of its requests so far. */
    interface Progress {
        /** Whether the window has what it is to measure, once it is as long as planned. */
        boolean measuredEnough(long nowNanos);

        /** Whether every counted request has ended and nothing is left to be sent after the window. */
        boolean cooledDown(long nowNanos);

        /** Whether the server has not answered rightly for so long that waiting makes no sense. */
        boolean hopeless(long nowNanos);

        void windowOpens(long nowNanos);

        void windowCloses(long nowNanos);
    }

    private final Times times;
    private final Progress progress;
    private final Function<Duration, BooleanSupplier> compilerWatch;
    private Stage stage = Stage.ALONE;
    private BooleanSupplier compilerBusy;
    private long warmUpEndNanos;
    private long openedNanos;

    /** @param compilerWatch tells whether the warm-up goes on, for so long at most, e.g. while the JVM still compiles */
    LevelClock(Times times, Progress progress, Function<Duration, BooleanSupplier> compilerWatch) {
        this.times = times;
        this.progress = progress;
        this.compilerWatch = compilerWatch;
    }

    /** Of a request that would be sent now; {@link Stage#OVER} if none is to be. The first user to ask starts the warm-up. */
    synchronized Stage stage(long nowNanos) {
        if (stage == Stage.ALONE) {
            warmUpEndNanos = nowNanos + times.warmUp().toNanos();
            compilerBusy = compilerWatch.apply(times.warmUp().plus(COMPILER_PATIENCE));
            stage = Stage.WARM_UP;
        }
        if (stage == Stage.WARM_UP && nowNanos - warmUpEndNanos >= 0 && !compilerBusy.getAsBoolean()) {
            openedNanos = nowNanos;
            stage = Stage.MEASUREMENT;
            progress.windowOpens(nowNanos);
        }
        if (stage == Stage.MEASUREMENT && ends(nowNanos)) {
            close(Stage.COOL_DOWN, nowNanos);
        }
        if (stage == Stage.COOL_DOWN && progress.cooledDown(nowNanos)) {
            stage = Stage.OVER;
        }
        if (stage != Stage.OVER && progress.hopeless(nowNanos)) {
            if (stage == Stage.MEASUREMENT) {
                close(Stage.OVER, nowNanos);
            }
            stage = Stage.OVER;
        }
        return stage;
    }

    private boolean ends(long nowNanos) {
        long openNanos = nowNanos - openedNanos;
        return openNanos >= times.longest().toNanos()
                || openNanos >= times.measurement().toNanos() && progress.measuredEnough(nowNanos);
    }

    private void close(Stage next, long nowNanos) {
        stage = next;
        progress.windowCloses(nowNanos);
    }
}
