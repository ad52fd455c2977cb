package nimload.preflight;

import java.time.Duration;
import nimload.UserError;

/** Time for whoever waits: handed in, so that a test waits for hours in no time. */
public interface WaitClock {
    /** Differences of it are durations, as with {@link System#nanoTime()}. */
    long nanoTime();

    void pause(Duration duration);

    /** This machine's. */
    WaitClock SYSTEM = new WaitClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration duration) {
            try {
                Thread.sleep(duration.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UserError("interrupted while waiting for a NIM", e);
            }
        }
    };
}
