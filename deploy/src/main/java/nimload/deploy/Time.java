package nimload.deploy;

import java.time.Duration;
import java.time.Instant;

/** The clock that every wait is handed: deadlines are measured on {@link #elapsed()}, which no change of the wall clock moves. */
public interface Time {

    /** Time since a fixed, arbitrary moment. */
    Duration elapsed();

    /** The wall clock, for what is written down and for ages of Kubernetes objects. */
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
