package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.details;

import io.gatling.javaapi.core.Assertion;
import java.util.List;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.slo.Limit;
import nimload.slo.Slo;

/**
 * The limits of the SLO in Gatling's words, for its report and for Gatling Enterprise. nimload's own verdict is exact; a
 * Gatling assertion must never fail where that passes, so each is a little wider.
 *
 * <p>Throughput and goodput are left out: Gatling divides a request's count by the time of the whole run, all levels
 * together, and counts no requests by latency.
 */
final class SloAssertions {
    private SloAssertions() {}

    /** @param levels those of the run; an assertion on a request that was never sent would fail */
    static List<Assertion> of(List<LoadPoint> levels, Slo slo) {
        return levels.stream()
                .distinct()
                .flatMap(level -> slo.limits(level).stream().flatMap(limit -> of(level.requestName(), limit)))
                .toList();
    }

    private static Stream<Assertion> of(String request, Limit limit) {
        if (limit instanceof Limit.Percentile percentile) {
            return Stream.of(details(request)
                    .responseTime()
                    .percentile(percentile(percentile.percentile()))
                    .lte(millis(percentile.maxMs())));
        }
        if (limit instanceof Limit.ErrorShare errors) {
            return Stream.of(details(request).failedRequests().percent().lte(percent(errors.max())));
        }
        return Stream.empty();
    }

    /**
     * A tenth of the tail less: 94.5 for 95. Gatling estimates percentiles from clusters of neighbouring values, and
     * between two clusters interpolates. Where latency jumps just above the percentile its estimate lies in the jump; so
     * far below it does not, from five times the requests on that the percentile needs.
     */
    static double percentile(double percentile) {
        return percentile - (100 - percentile) / 10;
    }

    /** Gatling's clock has whole ms, at both ends of a time that is longer than ours by Gatling's own work. */
    static int millis(double limitMs) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(limitMs) + 1);
    }

    /** In per cent, above what 0.1 % and the like become in binary. */
    static double percent(double share) {
        return share * 100 + 1e-9;
    }
}
