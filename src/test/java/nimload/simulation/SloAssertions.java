package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.details;

import io.gatling.javaapi.core.Assertion;
import java.util.List;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.slo.Limit;
import nimload.slo.Slo;

/**
 * The limits of the SLO as Gatling assertions, for its report and for Gatling Enterprise. nimload's verdict is exact; a
 * Gatling assertion must never fail where that passes, so each is wider.
 *
 * <p>Throughput and goodput are left out: Gatling divides a request's count by the time of the whole run, all levels
 * together, and counts no requests by latency.
 */
final class SloAssertions {
    /** At most 10.5 in some 10,000 simulated runs of the worst case. */
    private static final double RANKS_OFF = 15;

    private SloAssertions() {}

    /** @param levels those of the run; an assertion on a request that was never sent would fail */
    static List<Assertion> of(List<LoadPoint> levels, Slo slo) {
        return levels.stream()
                .distinct()
                .flatMap(level -> slo.limits(level).stream().flatMap(limit -> of(level.name(), limit)))
                .toList();
    }

    private static Stream<Assertion> of(String request, Limit limit) {
        if (limit instanceof Limit.LatencyPercentile percentile) {
            return Stream.of(details(request)
                    .responseTime()
                    .percentile(percentile(percentile.percentile().percent()))
                    .lte(millis(percentile.maxMs())));
        }
        if (limit instanceof Limit.ErrorShare errors) {
            return Stream.of(details(request).failedRequests().percent().lte(percent(errors.max())));
        }
        return Stream.empty();
    }

    /**
     * 15 ranks lower: 80 for 95. Gatling's report estimates percentiles from a t-digest and interpolates between its
     * clusters. Where latency jumps above the percentile, the estimate lies in the jump, far off: with 99 % of the requests
     * at 1 ms and 1 % at 100 s, that was seen from the 91.2nd percentile on, and with 99.9 % at 1 ms from the 89.5th on.
     */
    static double percentile(double percentile) {
        return percentile - RANKS_OFF;
    }

    /** Gatling's clock has whole ms, at both ends of a time that is longer than ours by Gatling's own work. */
    static int millis(double limitMs) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(limitMs) + 1);
    }

    /** In per cent, with room for rounding: 0.1 % has no exact binary form. */
    static double percent(double share) {
        return share == 0 ? 0 : share * 100 + 1e-9;
    }
}
