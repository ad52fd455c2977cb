package nimload.servermetrics;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this client counted of a level, to be held against the server's count.
 *
 * @param requests that ended, successful and failed
 * @param successes of them
 * @param itemsPerRequest texts or pairs
 * @param concurrency of the level: so many requests may have been counted just before or after the level
 */
public record ClientCount(long requests, long successes, int itemsPerRequest, int concurrency) {
    /** Up to here a difference does not move the numbers by more than they scatter anyway. */
    private static final double SMALL = 0.01;

    /** That another count is a multiple of so many happens by chance one time in so many. */
    private static final int MANY = 100;

    long itemsSucceeded() {
        return successes * itemsPerRequest;
    }

    /** A phrase for a level whose server had more to do than this client gave it; empty if it had not, or hardly. */
    Optional<String> othersAmong(long counted, OptionalLong itemsCounted) {
        return counted - requests > allowed() && !divided(counted, itemsCounted)
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "someone else used the NIM: server counted %d requests, this client sent %d",
                        counted,
                        requests))
                : Optional.empty();
    }

    /** A sentence on the two counts; empty if they are the same. */
    Optional<String> difference(long counted, OptionalLong itemsCounted) {
        if (counted == requests) {
            return Optional.empty();
        }
        String both =
                String.format(Locale.ROOT, "The server counted %d requests, this client sent %d", counted, requests);
        if (divided(counted, itemsCounted)) {
            return Optional.of(both + ": it divides a request into several of its own.");
        }
        if (othersAmong(counted, itemsCounted).isPresent()) {
            return Optional.of(both + ": somebody else was using the NIM.");
        }
        return Optional.of(
                requests - counted > allowed()
                        ? both
                                + ": another server behind this address answered the rest, or they were refused uncounted."
                        : both + ".");
    }

    private double allowed() {
        return Math.max(SMALL * requests, concurrency);
    }

    /**
     * More requests, and yet this client's items, give or take what would not matter of others' either. Where the server does
     * not count items: so many of its requests for each of many of this client's.
     */
    private boolean divided(long counted, OptionalLong itemsCounted) {
        if (counted - requests <= allowed()) {
            return false;
        }
        long items = requests * itemsPerRequest;
        return itemsCounted.isPresent()
                ? Math.abs(itemsCounted.getAsLong() - items) <= Math.max(SMALL * items, concurrency)
                : requests >= MANY && counted % requests == 0;
    }
}
