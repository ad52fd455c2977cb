package nimload.measure;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/**
 * What was recorded in one level.
 *
 * @param latencyMicros successful requests only, µs
 * @param successes successful requests
 * @param latencyNanosSum of successful requests
 * @param sumSquaredMillis of successful requests' latencies, ms²
 * @param inFlightNanosSum time in flight of all requests, failed ones too
 * @param elapsedNanos first send to last answer
 * @param errors failed requests by {@link ErrorKind#key()}
 * @param warmUpErrors failed requests of the warm-up likewise; they are in no other number
 * @param firstErrors the first detail of each kind
 * @param tokens that the server counted over all successful requests; empty unless every answer said
 * @param meanGapNanos between an answer and the same user's next send; empty if no user sent twice
 * @param valuesChecked answers of which every value was read and compared
 */
public record LevelSamples(
        Histogram latencyMicros,
        long successes,
        long latencyNanosSum,
        double sumSquaredMillis,
        long inFlightNanosSum,
        long elapsedNanos,
        Map<String, Long> errors,
        Map<String, Long> warmUpErrors,
        Map<String, String> firstErrors,
        OptionalLong tokens,
        OptionalLong meanGapNanos,
        long valuesChecked) {

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The latency in ms that {@code percentile} per cent of the requests did not exceed, by nearest rank, so one that was
     * observed. Empty where there are too few samples for it to mean anything: fewer than 1 / (1 − percentile / 100), 100
     * for p99.
     */
    public OptionalDouble percentileMillis(double percentile) {
        if (successes < samplesNeeded(percentile)) {
            return OptionalDouble.empty();
        }
        long micros = latencyMicros.getValueAtPercentile(percentile);
        return OptionalDouble.of(Math.min(micros, latencyMicros.getMaxValue()) / 1e3);
    }

    /** Fewest samples with which at least one lies above the percentile. */
    public static long samplesNeeded(double percentile) {
        return (long) Math.ceil(100 / (100 - percentile) - 1e-9);
    }

    public OptionalDouble meanMillis() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyNanosSum / 1e6 / successes);
    }

    /** Of the sample (n − 1); empty for fewer than two. */
    public OptionalDouble standardDeviationMillis() {
        if (successes < 2) {
            return OptionalDouble.empty();
        }
        double mean = latencyNanosSum / 1e6 / successes;
        return OptionalDouble.of(
                Math.sqrt(Math.max(0, (sumSquaredMillis - successes * mean * mean) / (successes - 1))));
    }

    public OptionalDouble minMillis() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyMicros.getMinValue() / 1e3);
    }

    public OptionalDouble maxMillis() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyMicros.getMaxValue() / 1e3);
    }

    /** Successful requests a second, from the first send to the last answer. */
    public OptionalDouble requestsPerSecond() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(successes / (elapsedNanos / 1e9));
    }

    /** Mean requests in flight from the first send to the last answer. */
    public OptionalDouble achievedConcurrency() {
        return elapsedNanos == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) inFlightNanosSum / elapsedNanos);
    }
}
