package nimload.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.statistics.Interval;

/**
 * One finished level. What is empty is not known. In JSON it is one flat object: its parts share it.
 *
 * @param replicas each one's share, of a level with several; empty otherwise
 * @param slo the outcome of each of its limits; empty without an SLO for this level
 */
@JsonPropertyOrder({"name", "point", "validity", "requests", "latencyMs", "throughput", "tokens", "client", "intervals"
})
public record LevelResults(
        @JsonUnwrapped LoadPoint point,
        @JsonUnwrapped Validity validity,
        @JsonUnwrapped Requests requests,
        @JsonProperty("latencyMs") Latency latency,
        @JsonUnwrapped Throughput throughput,
        @JsonUnwrapped Tokens tokens,
        @JsonUnwrapped Client client,
        @JsonUnwrapped Course course,
        @JsonUnwrapped Evidence evidence,
        Optional<ServerShare> server,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Replica> replicas,
        List<SloCheck> slo,
        Optional<EncodedHistogram> latencyHistogram) {

    public LevelResults {
        replicas = replicas == null ? List.of() : List.copyOf(replicas);
        latency = latency == null ? Latency.UNKNOWN : latency;
        slo = slo == null ? List.of() : List.copyOf(slo);
    }

    @JsonCreator
    static LevelResults of(
            @JsonUnwrapped LoadPoint point,
            @JsonUnwrapped Validity validity,
            @JsonUnwrapped Requests requests,
            @JsonProperty("latencyMs") Latency latency,
            @JsonUnwrapped Throughput throughput,
            @JsonUnwrapped Tokens tokens,
            @JsonUnwrapped Client client,
            @JsonUnwrapped Course course,
            @JsonUnwrapped Evidence evidence,
            @JsonProperty("server") Optional<ServerShare> server,
            @JsonProperty("replicas") List<Replica> replicas,
            @JsonProperty("slo") List<SloCheck> slo,
            @JsonProperty("latencyHistogram") Optional<EncodedHistogram> latencyHistogram,
            @JsonProperty("intervals") Map<String, Interval> intervals) {
        Map<String, Interval> known = intervals == null ? Map.of() : intervals;
        return new LevelResults(
                point,
                validity,
                requests,
                latency == null ? null : latency.with(known),
                throughput.with(known),
                tokens,
                client,
                course,
                evidence,
                server,
                replicas,
                slo,
                latencyHistogram);
    }

    /** As in Gatling's report. */
    @JsonProperty("name")
    public String name() {
        return point.name();
    }

    /** 95 % intervals by {@link Percentile#key} (ms) and {@link Throughput#REQUESTS}, as results.json has them. */
    @JsonProperty("intervals")
    Map<String, Interval> intervals() {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        throughput.requests().flatMap(Estimate::interval).ifPresent(rate -> intervals.put(Throughput.REQUESTS, rate));
        latency.percentiles()
                .forEach((percentile, estimate) ->
                        estimate.interval().ifPresent(interval -> intervals.put(percentile.key(), interval)));
        return intervals;
    }

    public Workload workload() {
        return point.workload();
    }

    public int concurrency() {
        return point.concurrency();
    }

    /** Whether its numbers may be quoted. */
    public boolean valid() {
        return validity.valid();
    }

    /** Whether any request of it succeeded. */
    public boolean hasRightAnswers() {
        return requests.successes() > 0;
    }

    /** In ms; empty where not known. */
    public OptionalDouble percentile(Percentile percentile) {
        return latency.at(percentile);
    }

    /** The same level, with what came of its limits. */
    public LevelResults withSlo(List<SloCheck> checks) {
        return new LevelResults(
                point,
                validity,
                requests,
                latency,
                throughput,
                tokens,
                client,
                course,
                evidence,
                server,
                replicas,
                checks,
                latencyHistogram);
    }

    /** What one generator measured as its part of a level that several ran together. */
    public LevelResults asPartOf(LoadPoint whole, Generator generator) {
        return new LevelResults(
                whole,
                validity,
                requests,
                latency,
                throughput,
                tokens,
                client.with(List.of(generator)),
                course,
                evidence,
                server,
                replicas,
                slo,
                latencyHistogram);
    }
}
