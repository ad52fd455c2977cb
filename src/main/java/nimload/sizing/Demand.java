package nimload.sizing;

import nimload.capacity.Limit;
import nimload.results.Percentile;

/**
 * What is to be served.
 *
 * @param requestsPerSecond above 0
 * @param percentile of response time that is limited
 * @param limitMillis its highest value, inclusive
 * @param headroom share of the measured capacity that stays free, 0 to 0.9
 */
record Demand(double requestsPerSecond, Percentile percentile, double limitMillis, double headroom) {

    /** {@code p95 <= 20 ms}, as a search for capacity writes it. */
    String limit() {
        return Limit.percentile(percentile.percent(), limitMillis).text();
    }
}
