package nimload.measure;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.results.ClientAdds;
import nimload.results.Percentile;
import org.HdrHistogram.Histogram;

/**
 * Latency minus the server's own time, request by request: a late server is not mistaken for a slow client. Thread-safe.
 */
public final class AddedTime {
    private static final int DIGITS = 4;

    private final Histogram micros = new Histogram(DIGITS);
    private long unknown;

    /** @param serviceMicros the server's own time; one request without it makes the whole level unknown */
    public synchronized void success(long latencyNanos, OptionalLong serviceMicros) {
        if (serviceMicros.isEmpty()) {
            unknown++;
            return;
        }
        micros.recordValue(Math.max(0, (latencyNanos + 500) / 1000 - serviceMicros.getAsLong()));
    }

    /**
     * @param concurrency of the level that was recorded
     * @param serverDelay of the level's server
     * @return empty unless every request reported the server's time
     */
    public synchronized Optional<ClientAdds> adds(int concurrency, Duration serverDelay, OptionalLong meanGapNanos) {
        if (unknown > 0 || micros.getTotalCount() == 0) {
            return Optional.empty();
        }
        return Optional.of(new ClientAdds(
                concurrency,
                micros.getTotalCount(),
                serverDelay.toNanos() / 1e6,
                Percentiles.millis(micros, Percentile.P50),
                Percentiles.millis(micros, Percentile.P99),
                meanGapNanos.isPresent()
                        ? OptionalDouble.of(Math.round(meanGapNanos.getAsLong() / 1e3) / 1e3)
                        : OptionalDouble.empty()));
    }
}
