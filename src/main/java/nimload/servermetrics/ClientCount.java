package nimload.servermetrics;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import nimload.results.Ledger;

/**
 * What this client counted during a level, to compare with the server's count. Before the first page and after the last none of
 * its requests is in flight, so the two are the same if nobody else uses the server.
 *
 * @param requests of the whole level
 * @param itemsPerRequest texts or pairs, on average
 * @param concurrency of the level
 * @param measuredSeconds the part of the level in which this client's latencies are known
 * @param inFlightSeconds in it, of all requests together
 */
public record ClientCount(
        Ledger requests, double itemsPerRequest, int concurrency, double measuredSeconds, double inFlightSeconds) {
    /** A smaller share of difference moves the numbers less than their own scatter. */
    private static final double SMALL = 0.01;

    /** The probability that an unrelated count is a multiple of n is 1/n. */
    private static final int MANY = 100;

    /** Two clocks and pages that take time. */
    private static final double SLACK = 1.1;

    long sent() {
        return requests.sent();
    }

    long right() {
        return requests.right();
    }

    long itemsSucceeded() {
        return Math.round(right() * itemsPerRequest);
    }

    /**
     * Most time that this client's requests can have spent in the server: users wait for their answers, and nothing takes
     * longer there than here.
     *
     * @param seconds from the first page to the last
     */
    double mostMillis(double seconds) {
        double elsewhen = Math.max(0, seconds - measuredSeconds) * concurrency;
        return SLACK * 1000 * (inFlightSeconds + elsewhen);
    }

    /** A phrase if the server did noticeably more than this client asked for; else empty. */
    Optional<String> othersAmong(long counted, OptionalLong itemsCounted) {
        return counted - sent() > allowed() && !divided(counted, itemsCounted)
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "someone else used the NIM: server counted %d requests, this client sent %d",
                        counted,
                        sent()))
                : Optional.empty();
    }

    /** Whether the server answered noticeably fewer requests than this client has right answers. */
    boolean answeredElsewhere(long counted) {
        return right() - counted > allowed();
    }

    /** A sentence on the two counts; empty if they are the same. */
    Optional<String> difference(long counted, OptionalLong itemsCounted) {
        if (counted == sent()) {
            return Optional.empty();
        }
        if (divided(counted, itemsCounted)) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "The server counted %d requests, this client sent %d: it splits each request into several.",
                    counted,
                    sent()));
        }
        long off = Math.abs(counted - sent());
        return Optional.of(String.format(
                Locale.ROOT,
                "The server counted %d request%s %s than this client sent (%d and %d)%s.",
                off,
                off == 1 ? "" : "s",
                counted > sent() ? "more" : "fewer",
                counted,
                sent(),
                counted > sent() ? more(counted, itemsCounted) : fewer(off)));
    }

    private String more(long counted, OptionalLong itemsCounted) {
        return othersAmong(counted, itemsCounted).isPresent()
                ? ": someone else used the NIM"
                : ": someone else sent them, or the page before the level lagged behind";
    }

    private String fewer(long missing) {
        long failed = Math.max(0, sent() - right());
        if (missing <= failed) {
            return String.format(
                    Locale.ROOT, ": %d failed, refused before they were counted or on a connection that broke", failed);
        }
        if (missing - failed <= concurrency) {
            return ": another replica behind this address answered them, or the page after the level lags behind";
        }
        return ": another replica behind this address answered them"
                + (failed > 0
                        ? String.format(
                                Locale.ROOT,
                                ", except for up to %d that failed, refused before they were counted or on a connection"
                                        + " that broke",
                                failed)
                        : "");
    }

    private double allowed() {
        return Math.max(SMALL * sent(), concurrency);
    }

    /**
     * Whether the server splits requests: it counted more requests, but within the tolerance the same items. If it does
     * not count items: a whole multiple of this client's requests, and not by chance.
     */
    private boolean divided(long counted, OptionalLong itemsCounted) {
        if (counted - sent() <= allowed()) {
            return false;
        }
        double items = sent() * itemsPerRequest;
        return itemsCounted.isPresent()
                ? Math.abs(itemsCounted.getAsLong() - items) <= Math.max(SMALL * items, concurrency)
                : sent() >= MANY && counted % sent() == 0;
    }
}
