package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * Latencies of successful requests in ms, with three decimals where nimload measured them. A percentile is empty where
 * there are too few samples for it, and where the tool that measured did not say.
 */
public record Latency(
        OptionalDouble avg,
        OptionalDouble std,
        OptionalDouble min,
        OptionalDouble p50,
        OptionalDouble p90,
        OptionalDouble p95,
        OptionalDouble p99,
        @JsonProperty("p99.9") OptionalDouble p999,
        OptionalDouble max) {
    /** Of which nothing is known. */
    static final Latency UNKNOWN = new Latency(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty());
}
