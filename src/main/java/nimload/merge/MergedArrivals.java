package nimload.merge;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.measure.Percentiles;
import nimload.results.Arrivals;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import org.HdrHistogram.Histogram;

/** The arrivals of an open level over all generators. */
final class MergedArrivals {
    private MergedArrivals() {}

    /**
     * Empty for a closed level. Of several queues the longest is known, not how long they were together at one time; of the
     * generators' own lateness only its largest value.
     */
    static Optional<Arrivals> of(List<LevelResults> parts) {
        List<Arrivals> all = parts.stream()
                .flatMap(part -> part.throughput().arrivals().stream())
                .toList();
        if (all.isEmpty() || all.size() < parts.size()) {
            return Optional.empty();
        }
        Optional<Histogram> micros = Histograms.sum(all.stream()
                .filter(one -> one.response().max().isPresent())
                .map(Arrivals::responseHistogram)
                .toList());
        OptionalDouble none = OptionalDouble.empty();
        return Optional.of(new Arrivals(
                all.stream().mapToLong(Arrivals::count).sum(),
                all.stream().allMatch(one -> one.offeredPerSecond().isPresent())
                        ? MergedLevel.rounded(OptionalDouble.of(all.stream()
                                .mapToDouble(one -> one.offeredPerSecond().getAsDouble())
                                .sum()))
                        : none,
                all.stream().mapToLong(Arrivals::notSent).sum(),
                all.stream().mapToInt(Arrivals::mostWaiting).max().orElseThrow(),
                micros.map(MergedArrivals::response).orElse(Latency.UNKNOWN),
                new Latency(
                        none,
                        none,
                        none,
                        all.stream()
                                .flatMapToDouble(one -> one.sendLag().max().stream())
                                .max(),
                        Map.of()),
                micros.map(EncodedHistogram::of)));
    }

    private static Latency response(Histogram micros) {
        Map<Percentile, Estimate> percentiles = new EnumMap<>(Percentile.class);
        for (Percentile percentile : Percentile.values()) {
            Estimate.of(Percentiles.millis(micros, percentile), Optional.empty())
                    .ifPresent(estimate -> percentiles.put(percentile, estimate));
        }
        return new Latency(
                OptionalDouble.of(Math.rint(micros.getMean()) / 1e3),
                OptionalDouble.empty(),
                OptionalDouble.of(micros.getMinValue() / 1e3),
                OptionalDouble.of(micros.getMaxValue() / 1e3),
                percentiles);
    }
}
