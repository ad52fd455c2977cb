package nimload.faults;

import java.util.OptionalInt;

/**
 * Which requests a fault is done to. The first two conditions select requests; the others count the selected ones. All have to
 * hold.
 *
 * @param tokens of each text or pair, as the answer's usage counts them
 * @param replica number of the server, from 1
 * @param after requests that are answered right first
 * @param each of that many requests …
 * @param run … number of requests in a row that get the fault
 * @param fromSeconds since the first selected request
 * @param untilSeconds likewise; infinite: to the end
 * @param connections every such connection: 2 = every second one
 */
record When(
        OptionalInt tokens,
        OptionalInt replica,
        int after,
        int each,
        int run,
        double fromSeconds,
        double untilSeconds,
        int connections) {

    /** Every request. */
    static When always() {
        return new When(OptionalInt.empty(), OptionalInt.empty(), 0, 1, 1, 0, Double.POSITIVE_INFINITY, 1);
    }

    When within(int tokensOfEach) {
        return new When(
                OptionalInt.of(tokensOfEach), replica, after, each, run, fromSeconds, untilSeconds, connections);
    }

    boolean selects(OptionalInt tokensOfEach, int server) {
        return (tokens.isEmpty() || tokens.equals(tokensOfEach)) && (replica.isEmpty() || replica.getAsInt() == server);
    }

    /**
     * @param number of the request, from 1
     * @param seconds since the first request
     * @param connection of the request, from 1
     */
    boolean hits(int number, double seconds, int connection) {
        return number > after
                && number % each < run
                && seconds >= fromSeconds
                && seconds < untilSeconds
                && connection % connections == 0;
    }
}
