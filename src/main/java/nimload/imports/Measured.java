package nimload.imports;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.exports.Provenance;
import nimload.plan.Load;
import nimload.results.Latency;
import nimload.results.Percentile;

/**
 * What one exported file says.
 *
 * @param tool {@code genai-perf} or {@code aiperf}, with its version where the file gives it
 * @param started when; empty where the file does not say
 * @param ended when; empty where the file does not say
 * @param incomplete why the run ended early, in one phrase; empty unless the file says so
 * @param reasons why else the numbers should not be quoted, a phrase each
 * @param source what its requests were
 * @param effective the options that nimload has too
 * @param notes what a reader must know about this kind of file, one sentence each
 * @param provenance of a file that nimload itself exported
 */
record Measured(
        Path file,
        String tool,
        Optional<Instant> started,
        Optional<Instant> ended,
        Numbers numbers,
        Optional<String> incomplete,
        List<String> reasons,
        Source source,
        Map<String, String> effective,
        List<String> notes,
        Optional<Provenance> provenance) {

    /**
     * What the requests were; empty where the file does not say.
     *
     * @param endpoint {@code embeddings}, {@code nim_rankings} …
     * @param inputType {@code query} or {@code passage}
     * @param tokens of the synthetic texts; empty for texts from a file
     * @param queryTokens of a ranking's query
     * @param items texts or passages a request
     * @param concurrency requests in flight; at a rate the most that may be
     */
    record Source(
            Optional<String> endpoint,
            Optional<String> inputType,
            Optional<String> model,
            Optional<String> url,
            Optional<Length> tokens,
            OptionalInt queryTokens,
            OptionalInt items,
            OptionalInt concurrency,
            Load load) {}

    /**
     * Of synthetic texts, in tokens.
     *
     * @param spread standard deviation
     */
    record Length(int mean, int spread) {}

    /** @param statistic a latency in ms by the name that both tools give it: {@code avg}, {@code p95} … */
    static Latency latency(Function<String, OptionalDouble> statistic) {
        return new Latency(
                statistic.apply("avg"),
                statistic.apply("std"),
                statistic.apply("min"),
                statistic.apply("max"),
                Latency.estimates(Arrays.stream(Percentile.values())
                        .collect(Collectors.toMap(
                                percentile -> percentile, percentile -> statistic.apply(percentile.key())))));
    }
}
