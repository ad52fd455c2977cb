package nimload.measure;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.Percentile;
import nimload.results.Searches;
import org.HdrHistogram.Histogram;

/** How long one part of each search took. Not safe for several threads. */
final class PartRecorder {
    /** As exact as latencies. */
    private static final int DIGITS = 5;

    private final Histogram micros = new Histogram(DIGITS);
    private final SliceRecorder slices;
    private long nanosSum;
    private final Histogram serviceMicros = new Histogram(DIGITS);
    private double leastBeyondMillis = Double.POSITIVE_INFINITY;

    /** @param length of the window as planned */
    PartRecorder(Duration length) {
        this.slices = new SliceRecorder(length.toNanos() / 1e9);
    }

    /** @param endSeconds after the window opened, when the search was over */
    void record(double endSeconds, long nanos) {
        long part = Math.max(0, nanos);
        nanosSum += part;
        micros.recordValue((part + 500) / 1000);
        slices.success(endSeconds, (part + 500) / 1000);
    }

    /**
     * The server's own time of a part that was recorded.
     *
     * @param nanos of the part
     */
    void service(long nanos, OptionalLong micros) {
        micros.ifPresent(service -> {
            serviceMicros.recordValue(service);
            leastBeyondMillis = Math.min(leastBeyondMillis, nanos / 1e6 - service / 1e3);
        });
    }

    /** Empty unless the server sent it with every answer. */
    Optional<Searches.Service> service() {
        long count = serviceMicros.getTotalCount();
        if (count == 0 || count < micros.getTotalCount()) {
            return Optional.empty();
        }
        double mean = serviceMicros.getMean() / 1e3;
        return Optional.of(new Searches.Service(
                Rounded.to(3, mean), Rounded.to(3, nanosSum / 1e6 / count - mean), Rounded.to(3, leastBeyondMillis)));
    }

    void windowEnds(double seconds) {
        slices.windowEnds(seconds);
    }

    OptionalDouble p90Millis() {
        return Percentiles.millis(micros, Percentile.P90);
    }

    Latency latency() {
        long count = micros.getTotalCount();
        if (count == 0) {
            return Latency.UNKNOWN;
        }
        Map<Percentile, Estimate> percentiles = new EnumMap<>(Percentile.class);
        Percentiles.reported(micros, (percentile, value) -> slices.inflation(value), slices.slices(), true)
                .forEach((percentile, reported) -> Estimate.of(
                                Rounded.to(3, OptionalDouble.of(reported.millis())),
                                Optional.of(Rounded.to(3, reported.interval())))
                        .ifPresent(estimate -> percentiles.put(percentile, estimate)));
        return new Latency(
                OptionalDouble.of(Rounded.to(3, nanosSum / 1e6 / count)),
                OptionalDouble.empty(),
                OptionalDouble.of(micros.getMinValue() / 1e3),
                OptionalDouble.of(micros.getMaxValue() / 1e3),
                percentiles);
    }
}
