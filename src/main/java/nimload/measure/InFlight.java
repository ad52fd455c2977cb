package nimload.measure;

import java.util.OptionalLong;

/** Adds up the time that requests spent in flight within a window. Times are those of {@link System#nanoTime()}. Not thread-safe. */
final class InFlight {
    private OptionalLong openedNanos = OptionalLong.empty();
    private OptionalLong closedNanos = OptionalLong.empty();
    private long nanosSum;

    void open(long nanos) {
        openedNanos = OptionalLong.of(nanos);
    }

    void close(long nanos) {
        closedNanos = OptionalLong.of(nanos);
    }

    /** A request, counted or not, right or not. */
    void ended(long sentNanos, long endNanos) {
        if (openedNanos.isPresent()) {
            long from = Math.max(0, sentNanos - openedNanos.getAsLong());
            long to = endNanos - openedNanos.getAsLong();
            if (closedNanos.isPresent()) {
                to = Math.min(to, closedNanos.getAsLong() - openedNanos.getAsLong());
            }
            nanosSum += Math.max(0, to - from);
        }
    }

    /** Of all requests together. */
    long nanosSum() {
        return nanosSum;
    }

    /** From opening to closing; 0 unless both happened. */
    long windowNanos() {
        return openedNanos.isPresent() && closedNanos.isPresent()
                ? closedNanos.getAsLong() - openedNanos.getAsLong()
                : 0;
    }
}
