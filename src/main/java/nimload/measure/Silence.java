package nimload.measure;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The longest time in which no request ended while some were in flight, of those times that began in a level's window. Not
 * safe for several threads; times are of {@link System#nanoTime()}.
 */
public final class Silence {
    private OptionalLong openedNanos = OptionalLong.empty();
    private OptionalLong closedNanos = OptionalLong.empty();
    private int inFlight;
    private long sinceNanos;
    private Optional<Longest> longest = Optional.empty();

    /**
     * @param nanos long
     * @param fromNanos after the window opened
     */
    public record Longest(long nanos, long fromNanos) {}

    void opens(long nanos) {
        openedNanos = OptionalLong.of(nanos);
    }

    void closes(long nanos) {
        closedNanos = OptionalLong.of(nanos);
    }

    void sent(long nanos) {
        if (inFlight++ == 0) {
            sinceNanos = nanos;
        }
    }

    void ended(long nanos) {
        if (openedNanos.isPresent()) {
            note(openedNanos.getAsLong(), nanos);
        }
        inFlight--;
        sinceNanos = nanos;
    }

    private void note(long opened, long nanos) {
        long from = Math.max(0, sinceNanos - opened);
        boolean inWindow = closedNanos.isEmpty() || from < closedNanos.getAsLong() - opened;
        long silent = nanos - opened - from;
        if (inWindow && silent > longest.map(Longest::nanos).orElse(0L)) {
            longest = Optional.of(new Longest(silent, from));
        }
    }

    /** Empty if nothing ended in the window. */
    Optional<Longest> longest() {
        return longest;
    }
}
