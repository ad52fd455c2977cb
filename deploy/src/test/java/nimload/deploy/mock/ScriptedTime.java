package nimload.deploy.mock;

import java.time.Duration;
import java.time.Instant;
import nimload.deploy.Time;

/** A clock that only {@link #sleep} and {@link #pass} move; the world continues while someone sleeps. */
public final class ScriptedTime implements Time {

    public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final Runnable whileSleeping;
    private Duration elapsed = Duration.ZERO;
    private Duration back = Duration.ZERO;

    public ScriptedTime(Runnable whileSleeping) {
        this.whileSleeping = whileSleeping;
    }

    @Override
    public synchronized Duration elapsed() {
        return elapsed;
    }

    @Override
    public synchronized Instant now() {
        return START.plus(elapsed).minus(back);
    }

    /** Somebody sets the wall clock back. */
    public synchronized void setBack(Duration duration) {
        back = back.plus(duration);
    }

    /** Something took this long. */
    public synchronized void pass(Duration duration) {
        elapsed = elapsed.plus(duration);
    }

    @Override
    public synchronized void sleep(Duration duration) {
        elapsed = elapsed.plus(duration);
        whileSleeping.run();
    }
}
