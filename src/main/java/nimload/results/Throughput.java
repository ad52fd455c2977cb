package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;

/**
 * How much a level did in its time.
 *
 * @param elapsedSeconds of the measured window, all repeats together
 * @param requests successful requests per second
 * @param itemsPerSecond texts or pairs of successful requests
 * @param requestBytes mean of the bodies of requests with right answers
 * @param answerBytes mean of the bodies of right answers
 * @param betweenRunVariation coefficient of variation of {@code requests} over the repeats, 0.01 = 1 %
 * @param arrivals of an open level; empty for a closed one
 */
public record Throughput(
        OptionalDouble elapsedSeconds,
        @JsonProperty(REQUESTS) Optional<Estimate> requests,
        OptionalDouble itemsPerSecond,
        OptionalDouble requestBytes,
        OptionalDouble answerBytes,
        OptionalDouble betweenRunVariation,
        Optional<Arrivals> arrivals) {

    /** As results.json names it. */
    public static final String REQUESTS = "requestsPerSecond";

    public Throughput {
        requestBytes = requestBytes == null ? OptionalDouble.empty() : requestBytes;
        answerBytes = answerBytes == null ? OptionalDouble.empty() : answerBytes;
        arrivals = arrivals == null ? Optional.empty() : arrivals;
    }

    /** Of a whole level, without intervals and repeats. */
    public static Throughput of(OptionalDouble requestsPerSecond, int itemsPerRequest) {
        return new Throughput(
                OptionalDouble.empty(),
                Estimate.of(requestsPerSecond, Optional.empty()),
                times(requestsPerSecond, itemsPerRequest),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }

    /** Successful requests per second. */
    public OptionalDouble requestsPerSecond() {
        return Estimate.value(requests);
    }

    Throughput with(Map<String, Interval> intervals) {
        return new Throughput(
                elapsedSeconds,
                requests.map(rate -> rate.with(Optional.ofNullable(intervals.get(REQUESTS)))),
                itemsPerSecond,
                requestBytes,
                answerBytes,
                betweenRunVariation,
                arrivals);
    }

    private static OptionalDouble times(OptionalDouble value, int factor) {
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
    }
}
