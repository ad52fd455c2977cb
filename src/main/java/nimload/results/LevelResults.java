package nimload.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.statistics.Interval;

/**
 * One finished level. What is empty is not known; lists and maps are empty then.
 *
 * @param name as in Gatling's report
 * @param workload {@code query}, {@code passage} or {@code reranking}
 * @param inputTokens of each text as the server counts them; of a passage for reranking
 * @param queryTokens of a reranking request's query
 * @param itemsPerRequest texts, or passages
 * @param reasons why the numbers should not be quoted
 * @param requests successful and failed
 * @param elapsedSeconds first send to last answer, all repeats together
 * @param achievedConcurrency mean requests in flight
 * @param machineCpu share of all cores that were busy, 0 to 1
 * @param intervals 95 % intervals by {@code p50}, {@code p90}, {@code p95}, {@code p99}, {@code p99.9} (ms) and {@code
 *     requestsPerSecond}
 * @param betweenRunVariation coefficient of variation of requestsPerSecond over the repeats, 0.01 = 1 %
 * @param slo empty without an SLO for this level
 */
public record LevelResults(
        String name,
        String workload,
        int inputTokens,
        OptionalInt queryTokens,
        int itemsPerRequest,
        int concurrency,
        boolean valid,
        List<String> reasons,
        long requests,
        long errors,
        Map<String, Long> errorsByKind,
        Map<String, Long> warmUpErrorsByKind,
        Map<String, String> firstErrors,
        Latency latencyMs,
        OptionalDouble elapsedSeconds,
        OptionalDouble requestsPerSecond,
        OptionalDouble itemsPerSecond,
        OptionalDouble tokensPerSecond,
        OptionalDouble measuredTokensPerItem,
        OptionalInt expectedTokensPerItem,
        boolean tokensVerified,
        OptionalDouble achievedConcurrency,
        OptionalDouble meanGapMs,
        OptionalDouble machineCpu,
        OptionalDouble processCpu,
        OptionalLong answersComparedInFull,
        Map<String, Interval> intervals,
        OptionalDouble betweenRunVariation,
        Optional<Drift> drift,
        List<Slice> timeline,
        List<Repeat> repeats,
        Optional<ClientHealth> clientHealth,
        Optional<ClientAdds> clientAdds,
        Optional<ServerShare> server,
        List<SloCheck> slo,
        Optional<EncodedHistogram> latencyHistogram) {
    public LevelResults {
        Objects.requireNonNull(name, "name is missing");
        Objects.requireNonNull(workload, "workload is missing");
        latencyMs = latencyMs == null ? Latency.UNKNOWN : latencyMs;
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        errorsByKind = errorsByKind == null ? Map.of() : Map.copyOf(errorsByKind);
        warmUpErrorsByKind = warmUpErrorsByKind == null ? Map.of() : Map.copyOf(warmUpErrorsByKind);
        firstErrors = firstErrors == null ? Map.of() : Map.copyOf(firstErrors);
        intervals = intervals == null ? Map.of() : Map.copyOf(intervals);
        timeline = timeline == null ? List.of() : List.copyOf(timeline);
        repeats = repeats == null ? List.of() : List.copyOf(repeats);
        slo = slo == null ? List.of() : List.copyOf(slo);
    }

    /** The shape of its requests, without the concurrency: {@code query, 20 tokens, 1 text}. */
    @JsonIgnore
    public String shape() {
        return workload.equals("reranking")
                ? "reranking, " + (queryTokens.isPresent() ? queryTokens.getAsInt() + "+" : "") + inputTokens
                        + " tokens, " + itemsPerRequest + " passages"
                : workload + ", " + inputTokens + " tokens, "
                        + (itemsPerRequest == 1 ? "1 text" : itemsPerRequest + " texts");
    }

    /** Whether any request of it succeeded. */
    @JsonIgnore
    public boolean hasRightAnswers() {
        return requests > errors;
    }

    /** {@code texts} or {@code pairs}. */
    @JsonIgnore
    public String items() {
        return workload.equals("reranking") ? "pairs" : "texts";
    }

    /** The same level, with what came of its limits. */
    public LevelResults withSlo(List<SloCheck> checks) {
        return new LevelResults(
                name,
                workload,
                inputTokens,
                queryTokens,
                itemsPerRequest,
                concurrency,
                valid,
                reasons,
                requests,
                errors,
                errorsByKind,
                warmUpErrorsByKind,
                firstErrors,
                latencyMs,
                elapsedSeconds,
                requestsPerSecond,
                itemsPerSecond,
                tokensPerSecond,
                measuredTokensPerItem,
                expectedTokensPerItem,
                tokensVerified,
                achievedConcurrency,
                meanGapMs,
                machineCpu,
                processCpu,
                answersComparedInFull,
                intervals,
                betweenRunVariation,
                drift,
                timeline,
                repeats,
                clientHealth,
                clientAdds,
                server,
                checks,
                latencyHistogram);
    }
}
