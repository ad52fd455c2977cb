package nimload.measure;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The longest time in which no request ended while some were in flight, of those times that began in a level's window. What
 * this client itself stood still meanwhile is no part of it. Not safe for several threads; times are of {@link
 * System#nanoTime()}.
 */
public final class Silence {
    private final LongSupplier stalledNanos;
    private OptionalLong openedNanos = OptionalLong.empty();
    private OptionalLong closedNanos = OptionalLong.empty();
    private int inFlight;
    private long sinceNanos;
    private long stalledBeforeNanos;
    private Optional<Longest> longest = Optional.empty();

    /**
     * @param nanos long, less what this client stood still
     * @param fromNanos after the window opened
     */
    public record Longest(long nanos, long fromNanos) {}

    /** @param stalledNanos for which this client has stood still, on a counter that only grows */
    Silence(LongSupplier stalledNanos) {
        this.stalledNanos = stalledNanos;
    }

    /** Of what follows: it knows what is in flight. */
    Silence next() {
        Silence next = new Silence(stalledNanos);
        next.inFlight = inFlight;
        next.sinceNanos = sinceNanos;
        next.stalledBeforeNanos = stalledBeforeNanos;
        return next;
    }

    void opens(long nanos) {
        openedNanos = OptionalLong.of(nanos);
    }

    void closes(long nanos) {
        closedNanos = OptionalLong.of(nanos);
    }

    void sent(long nanos) {
        if (inFlight++ == 0) {
            begins(nanos, stalledNanos.getAsLong());
        }
    }

    void ended(long nanos) {
        long stalled = stalledNanos.getAsLong();
        if (openedNanos.isPresent()) {
            note(openedNanos.getAsLong(), nanos, stalled - stalledBeforeNanos);
        }
        inFlight--;
        begins(nanos, stalled);
    }

    private void begins(long nanos, long stalled) {
        sinceNanos = nanos;
        stalledBeforeNanos = stalled;
    }

    private void note(long opened, long nanos, long stalled) {
        long from = Math.max(0, sinceNanos - opened);
        boolean inWindow = closedNanos.isEmpty() || from < closedNanos.getAsLong() - opened;
        long silent = nanos - opened - from - stalled;
        if (inWindow && silent > longest.map(Longest::nanos).orElse(0L)) {
            longest = Optional.of(new Longest(silent, from));
        }
    }

    /** Empty if nothing ended in the window. */
    Optional<Longest> longest() {
        return longest;
    }
}
