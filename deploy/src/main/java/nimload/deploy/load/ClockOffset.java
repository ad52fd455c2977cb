package nimload.deploy.load;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How far a pod's clock is ahead of this machine's.
 *
 * @param ahead negative where it is behind
 * @param bound the true value is at most this far from {@code ahead}
 */
record ClockOffset(Duration ahead, Duration bound) {

    /** Whole microseconds, as nim.clock takes it: {@code -3.2/0.8ms}. */
    String text() {
        return millis(ahead) + "/" + millis(bound) + "ms";
    }

    private static String millis(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos() / 1000, 3).toPlainString();
    }

    /** By how much the middle one of these clocks is ahead, the lower of two; zero if none is known. */
    static Duration median(Collection<ClockOffset> offsets) {
        List<Duration> sorted = offsets.stream()
                .map(ClockOffset::ahead)
                .sorted(Comparator.naturalOrder())
                .toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((sorted.size() - 1) / 2);
    }
}
