package nimload.measure;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.results.ClientAdds;
import nimload.results.Percentile;
import org.HdrHistogram.Histogram;

/**
 * What lies between the latency of each request and the time that its server says it took. Each request has its own server
 * time, so a server that was late once is not taken for the client. Safe for many threads.
 */
public final class AddedTime {
    private static final int DIGITS = 4;

    private final Histogram micros = new Histogram(DIGITS);
    private long untold;

    /** @param serviceMicros as the server told; without it nothing is known of the level any more */
    public synchronized void success(long latencyNanos, OptionalLong serviceMicros) {
        if (serviceMicros.isEmpty()) {
            untold++;
            return;
        }
        micros.recordValue(Math.max(0, (latencyNanos + 500) / 1000 - serviceMicros.getAsLong()));
    }

    /**
     * @param concurrency of the level that was recorded
     * @param serverDelay that was asked of its server
     * @return empty if no request, or not every one, was told the server's time
     */
    public synchronized Optional<ClientAdds> adds(int concurrency, Duration serverDelay, OptionalLong meanGapNanos) {
        if (untold > 0 || micros.getTotalCount() == 0) {
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
