package nimload.measure;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import nimload.results.Ledger;
import nimload.results.Percentile;
import nimload.results.Replica;
import nimload.results.ServerShare;
import nimload.servermetrics.ClientCount;
import nimload.servermetrics.ServerSeen;
import org.HdrHistogram.Histogram;

/**
 * One replica's share of a level.
 *
 * @param users that sent to it
 * @param latencyMicros of counted right answers
 * @param errors counted requests that failed
 * @param inFlightNanosSum within the window, of all its requests
 * @param windowNanos of the level
 * @param ledger of all its requests, counted or not
 */
public record ReplicaSamples(
        String url,
        int users,
        Histogram latencyMicros,
        long errors,
        long inFlightNanosSum,
        long windowNanos,
        Ledger ledger) {

    /** Mean requests in flight in the window. */
    OptionalDouble inFlight() {
        return windowNanos == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) inFlightNanosSum / windowNanos);
    }

    /** @param items per request */
    ClientCount count(int items) {
        return new ClientCount(ledger, items, users, windowNanos / 1e9, inFlightNanosSum / 1e9);
    }

    /**
     * As the results hold it.
     *
     * @param server its metrics, held against this client's count
     */
    Replica rounded(Optional<ServerSeen> server, int items) {
        long right = latencyMicros.getTotalCount();
        Optional<ServerShare> share = server.map(seen -> seen.share(count(items)));
        return new Replica(
                url,
                users,
                right + errors,
                errors,
                right == 0 || windowNanos == 0
                        ? OptionalDouble.empty()
                        : Rounded.to(3, OptionalDouble.of(right / (windowNanos / 1e9))),
                Rounded.to(3, Percentiles.millis(latencyMicros, Percentile.P50)),
                Rounded.to(3, Percentiles.millis(latencyMicros, Percentile.P95)),
                Rounded.to(3, inFlight()),
                share);
    }

    /**
     * Several runs of a level, replica by replica.
     *
     * @param runs each with the same replicas in the same order
     */
    static List<ReplicaSamples> together(List<List<ReplicaSamples>> runs) {
        return IntStream.range(0, runs.get(0).size())
                .mapToObj(
                        number -> sum(runs.stream().map(run -> run.get(number)).toList()))
                .toList();
    }

    private static ReplicaSamples sum(List<ReplicaSamples> runs) {
        ReplicaSamples first = runs.get(0);
        Histogram latencyMicros = new Histogram(first.latencyMicros.getNumberOfSignificantValueDigits());
        runs.forEach(run -> latencyMicros.add(run.latencyMicros));
        return new ReplicaSamples(
                first.url,
                first.users,
                LevelSamples.packed(latencyMicros),
                runs.stream().mapToLong(ReplicaSamples::errors).sum(),
                runs.stream().mapToLong(ReplicaSamples::inFlightNanosSum).sum(),
                runs.stream().mapToLong(ReplicaSamples::windowNanos).sum(),
                Ledger.together(runs.stream().map(ReplicaSamples::ledger).toList()));
    }
}
