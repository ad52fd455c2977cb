package nimload.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/**
 * The searches of one level of a retrieval pipeline: a query is embedded, a pause stands for the vector search, and passages
 * are ranked against the query.
 *
 * @param during as in the {@code during} of the levels that are its steps
 * @param ingestion {@code off}, or the rate of the passages' requests that ran at the same time, e.g. {@code 2/s constant}
 * @param count counted searches, successful and failed
 * @param failed those of them of which a step failed
 * @param perSecond successful searches
 * @param latency of successful searches, ms: from the first byte of the query's request to the last byte of the ranking
 * @param arrivals of searches that arrive at a rate, with their response times; empty where users wait for their answers
 * @param parts of {@code latency}, in order; their means add up to its mean
 * @param pauseLate by which the pause was longer than planned, ms: the client's own doing
 * @param reasons why the numbers should not be quoted, those of the steps included
 */
public record Searches(
        String during,
        String ingestion,
        long count,
        long failed,
        OptionalDouble perSecond,
        @JsonProperty("latencyMs") Latency latency,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Arrivals> arrivals,
        List<Part> parts,
        @JsonProperty("pauseLateMs") Latency pauseLate,
        List<String> reasons,
        Optional<EncodedHistogram> latencyHistogram) {

    /** A query is turned into a vector. */
    public static final String EMBEDDING = "embedding";

    /** The pause that stands for the search among vectors. */
    public static final String SEARCH = "vector search";

    /** Passages are ranked. */
    public static final String RERANKING = "reranking";

    /** The client's own, between the others. */
    public static final String GAPS = "gaps";

    /**
     * One part of the searches that succeeded.
     *
     * @param name {@value #EMBEDDING}, {@value #SEARCH}, {@value #RERANKING} or {@value #GAPS}
     * @param latency ms
     * @param service the server's own time; empty unless it sends it, which only the emulator does
     */
    public record Part(
            String name,
            @JsonProperty("latencyMs") Latency latency,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Service> service) {
        @JsonCreator
        static Part of(
                @JsonProperty("name") String name,
                @JsonProperty("latencyMs") Latency latency,
                @JsonProperty("service") Optional<Service> service,
                @JsonProperty("intervals") Map<String, Interval> intervals) {
            return new Part(name, known(latency, intervals), service == null ? Optional.empty() : service);
        }

        /** 95 % intervals of {@code latency} by {@link Percentile#key}, ms. */
        @JsonProperty("intervals")
        Map<String, Interval> intervals() {
            return Searches.intervals(latency);
        }
    }

    /**
     * What the server itself took for the requests of a part, from the last byte of a request to the first of its answer.
     *
     * @param meanMs of all
     * @param beyondMeanMs mean latency less {@code meanMs}: the way, and the client
     * @param beyondLeastMs the smallest latency less its own request's time: never below 0
     */
    public record Service(double meanMs, double beyondMeanMs, double beyondLeastMs) {}

    private static Latency known(Latency latency, Map<String, Interval> intervals) {
        return (latency == null ? Latency.UNKNOWN : latency).with(intervals == null ? Map.of() : intervals);
    }

    private static Map<String, Interval> intervals(Latency latency) {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        latency.percentiles()
                .forEach((percentile, estimate) ->
                        estimate.interval().ifPresent(interval -> intervals.put(percentile.key(), interval)));
        return intervals;
    }

    public Searches {
        Objects.requireNonNull(during, "during is missing");
        Objects.requireNonNull(ingestion, "ingestion is missing");
        parts = parts == null ? List.of() : List.copyOf(parts);
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        latency = latency == null ? Latency.UNKNOWN : latency;
        // Its intervals are in no file.
        pauseLate = known(pauseLate, Map.of());
    }

    @JsonCreator
    static Searches of(
            @JsonProperty("during") String during,
            @JsonProperty("ingestion") String ingestion,
            @JsonProperty("count") long count,
            @JsonProperty("failed") long failed,
            @JsonProperty("perSecond") OptionalDouble perSecond,
            @JsonProperty("latencyMs") Latency latency,
            @JsonProperty("arrivals") Optional<Arrivals> arrivals,
            @JsonProperty("parts") List<Part> parts,
            @JsonProperty("pauseLateMs") Latency pauseLate,
            @JsonProperty("reasons") List<String> reasons,
            @JsonProperty("latencyHistogram") Optional<EncodedHistogram> latencyHistogram,
            @JsonProperty("intervals") Map<String, Interval> intervals) {
        return new Searches(
                during,
                ingestion,
                count,
                failed,
                perSecond,
                known(latency, intervals),
                arrivals,
                parts,
                pauseLate,
                reasons,
                latencyHistogram);
    }

    /** 95 % intervals of {@code latency} by {@link Percentile#key}, ms. */
    @JsonProperty("intervals")
    Map<String, Interval> intervals() {
        return intervals(latency);
    }

    /** What somebody who searches feels: from when the search was to begin, or from its begin where users wait. */
    public Latency felt() {
        return arrivals.map(Arrivals::response).orElse(latency);
    }

    public Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }
}
