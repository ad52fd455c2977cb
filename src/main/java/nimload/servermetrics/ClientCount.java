package nimload.servermetrics;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this client counted during a level, to compare with the server's count.
 *
 * @param requests that ended, successful and failed
 * @param successes successful requests
 * @param itemsPerRequest texts or pairs
 * @param concurrency of the level: up to this many requests may be counted just before or after it
 */
public record ClientCount(long requests, long successes, int itemsPerRequest, int concurrency) {
    /** A smaller share of difference moves the numbers less than their own scatter. */
    private static final double SMALL = 0.01;

    /** The probability that an unrelated count is a multiple of n is 1/n. */
    private static final int MANY = 100;

    long itemsSucceeded() {
        return successes * itemsPerRequest;
    }

    /** A phrase if the server did noticeably more than this client asked for; else empty. */
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
            return Optional.of(both + ": it splits each request into several.");
        }
        if (othersAmong(counted, itemsCounted).isPresent()) {
            return Optional.of(both + ": someone else used the NIM.");
        }
        return Optional.of(
                requests - counted > allowed()
                        ? both
                                + ": another server behind this address answered the rest, or the NIM refused them uncounted."
                        : both + ".");
    }

    private double allowed() {
        return Math.max(SMALL * requests, concurrency);
    }

    /**
     * Whether the server splits requests: it counted more requests, but within the tolerance the same items. If it does
     * not count items: a whole multiple of this client's requests, and not by chance.
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
