package nimload.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.measure.Percentiles.Reported;
import nimload.results.Arrivals;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.Percentile;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/**
 * What was recorded of an open level by when its requests were to be sent.
 *
 * @param responseMicros from the intended send to the last byte, of counted right answers; packed
 * @param percentiles of it, for which there are enough samples
 * @param lagMicros from the intended send to the real one, of requests that a user was free to send; packed
 * @param arrivals in the window
 * @param notSent of them
 * @param mostWaiting at once, since all users were busy
 * @param answered right answers that came in the window, whenever their requests were sent
 * @param answeredInterval 95 % interval of their rate per second; empty for too few
 * @param windowNanos from the first intended send that counts to the first that does not
 */
public record ResponseSamples(
        Histogram responseMicros,
        Map<Percentile, Reported> percentiles,
        Histogram lagMicros,
        long arrivals,
        long notSent,
        int mostWaiting,
        long answered,
        Optional<Interval> answeredInterval,
        long windowNanos) {

    /** In ms; empty where there are too few samples. */
    public OptionalDouble percentileMillis(Percentile percentile) {
        return percentiles.containsKey(percentile)
                ? OptionalDouble.of(percentiles.get(percentile).millis())
                : OptionalDouble.empty();
    }

    /** By which one request in ten is late at least; empty for too few. */
    OptionalDouble lagP90Millis() {
        return Percentiles.millis(lagMicros, Percentile.P90);
    }

    OptionalDouble answeredPerSecond() {
        return windowNanos == 0 || answered == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(answered / (windowNanos / 1e9));
    }

    OptionalDouble offeredPerSecond() {
        return windowNanos == 0 ? OptionalDouble.empty() : OptionalDouble.of(arrivals / (windowNanos / 1e9));
    }

    /** As the results hold it. */
    Arrivals rounded() {
        Map<Percentile, Estimate> response = new EnumMap<>(Percentile.class);
        percentiles.forEach((percentile, reported) -> Estimate.of(
                        Rounded.to(3, OptionalDouble.of(reported.millis())),
                        Optional.of(Rounded.to(3, reported.interval())))
                .ifPresent(estimate -> response.put(percentile, estimate)));
        Map<Percentile, Estimate> lag = new EnumMap<>(Percentile.class);
        for (Percentile percentile : Percentile.values()) {
            Estimate.of(Rounded.to(3, Percentiles.millis(lagMicros, percentile)), Optional.empty())
                    .ifPresent(estimate -> lag.put(percentile, estimate));
        }
        return new Arrivals(
                arrivals,
                Rounded.to(3, offeredPerSecond()),
                notSent,
                mostWaiting,
                latency(responseMicros, response),
                latency(lagMicros, lag),
                responseMicros.getTotalCount() == 0
                        ? Optional.empty()
                        : Optional.of(EncodedHistogram.of(responseMicros)));
    }

    /** HdrHistogram's mean and deviation are exact to the histogram's five digits. */
    private static Latency latency(Histogram micros, Map<Percentile, Estimate> percentiles) {
        if (micros.getTotalCount() == 0) {
            return Latency.UNKNOWN;
        }
        return new Latency(
                Rounded.to(3, OptionalDouble.of(micros.getMean() / 1e3)),
                OptionalDouble.empty(),
                Rounded.to(3, OptionalDouble.of(micros.getMinValue() / 1e3)),
                Rounded.to(3, OptionalDouble.of(micros.getMaxValue() / 1e3)),
                percentiles);
    }
}
