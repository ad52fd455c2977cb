package nimload.deploy;

import java.time.Duration;
import java.time.Instant;

/** The clock for every wait. Deadlines use {@link #elapsed()}, which changes to the wall clock do not affect. */
public interface Time {

    /** Time since a fixed, arbitrary moment. */
    Duration elapsed();

    /** The wall clock, for timestamps and the ages of Kubernetes objects. */
    Instant now();

    void sleep(Duration duration) throws InterruptedException;

    Time SYSTEM = new Time() {
        @Override
        public Duration elapsed() {
            return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration.toMillis());
        }
    };
}
