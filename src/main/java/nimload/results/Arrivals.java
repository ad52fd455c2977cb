package nimload.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/**
 * The arrivals of an open level: when its requests were to be sent, and what that means for their time.
 *
 * @param count requests that were to be sent in the measured window
 * @param offeredPerSecond {@code count} over the window
 * @param notSent those of them that had waited for longer than a request may take, or that the level ended without sending
 * @param mostWaiting arrivals that waited at once because as many requests as allowed were in flight
 * @param response from the intended send to the last byte, ms: what somebody feels who does not wait for others. Latency
 *     runs from the real send and so leaves out what a request waited before it
 * @param sendLag from the intended send to the real one where nothing kept the client from sending, ms
 * @param responseHistogram of {@code response}
 */
public record Arrivals(
        long count,
        OptionalDouble offeredPerSecond,
        long notSent,
        int mostWaiting,
        @JsonProperty("responseMs") Latency response,
        @JsonProperty("sendLagMs") Latency sendLag,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<EncodedHistogram> responseHistogram) {

    @JsonCreator
    static Arrivals of(
            @JsonProperty("count") long count,
            @JsonProperty("offeredPerSecond") OptionalDouble offeredPerSecond,
            @JsonProperty("notSent") long notSent,
            @JsonProperty("mostWaiting") int mostWaiting,
            @JsonProperty("responseMs") Latency response,
            @JsonProperty("sendLagMs") Latency sendLag,
            @JsonProperty("responseHistogram") Optional<EncodedHistogram> responseHistogram,
            @JsonProperty("intervals") Map<String, Interval> intervals) {
        Latency known = response == null ? Latency.UNKNOWN : response;
        return new Arrivals(
                count,
                offeredPerSecond,
                notSent,
                mostWaiting,
                known.with(intervals == null ? Map.of() : intervals),
                sendLag == null ? Latency.UNKNOWN : sendLag,
                responseHistogram == null ? Optional.empty() : responseHistogram);
    }

    /** 95 % intervals of {@code response} by {@link Percentile#key}, ms. */
    @JsonProperty("intervals")
    Map<String, Interval> intervals() {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        response.percentiles()
                .forEach((percentile, estimate) ->
                        estimate.interval().ifPresent(interval -> intervals.put(percentile.key(), interval)));
        return intervals;
    }
}
