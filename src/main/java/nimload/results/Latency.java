package nimload.results;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/**
 * Latencies of successful requests in ms, with three decimals where nimload measured them.
 *
 * @param percentiles those for which there are enough samples, and which the tool that measured reports
 */
public record Latency(
        OptionalDouble avg,
        OptionalDouble std,
        OptionalDouble min,
        OptionalDouble max,
        @JsonAnyGetter Map<Percentile, Estimate> percentiles) {

    /** Nothing is known. */
    public static final Latency UNKNOWN = new Latency(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), Map.of());

    public Latency {
        percentiles = ordered(percentiles);
    }

    @JsonCreator
    static Latency of(
            @JsonProperty("avg") OptionalDouble avg,
            @JsonProperty("std") OptionalDouble std,
            @JsonProperty("min") OptionalDouble min,
            @JsonProperty("max") OptionalDouble max,
            @JsonProperty("p50") OptionalDouble p50,
            @JsonProperty("p90") OptionalDouble p90,
            @JsonProperty("p95") OptionalDouble p95,
            @JsonProperty("p99") OptionalDouble p99,
            @JsonProperty("p99.9") OptionalDouble p999) {
        Map<Percentile, OptionalDouble> values = Map.of(
                Percentile.P50,
                p50,
                Percentile.P90,
                p90,
                Percentile.P95,
                p95,
                Percentile.P99,
                p99,
                Percentile.P999,
                p999);
        return new Latency(avg, std, min, max, estimates(values));
    }

    /** Those that have a value, without intervals. */
    public static Map<Percentile, Estimate> estimates(Map<Percentile, OptionalDouble> values) {
        Map<Percentile, Estimate> estimates = new EnumMap<>(Percentile.class);
        values.forEach((percentile, value) -> value.ifPresent(known -> estimates.put(percentile, Estimate.of(known))));
        return estimates;
    }

    /** In ms; empty where not known. */
    public OptionalDouble at(Percentile percentile) {
        return Estimate.value(estimate(percentile));
    }

    /** In ms; empty where not known. */
    public Optional<Estimate> estimate(Percentile percentile) {
        return Optional.ofNullable(percentiles.get(percentile));
    }

    /** The same latencies with their intervals, by {@link Percentile#key}. */
    Latency with(Map<String, Interval> intervals) {
        Map<Percentile, Estimate> estimates = new EnumMap<>(Percentile.class);
        percentiles.forEach((percentile, estimate) ->
                estimates.put(percentile, estimate.with(Optional.ofNullable(intervals.get(percentile.key())))));
        return new Latency(avg, std, min, max, estimates);
    }

    private static Map<Percentile, Estimate> ordered(Map<Percentile, Estimate> percentiles) {
        EnumMap<Percentile, Estimate> ordered = new EnumMap<>(Percentile.class);
        ordered.putAll(percentiles);
        return Collections.unmodifiableMap(ordered);
    }
}
