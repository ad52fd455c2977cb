package nimload.imports;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.results.Latency;
import nimload.results.Percentile;

/**
 * What one exported file says.
 *
 * @param tool {@code genai-perf} or {@code aiperf}, with its version where the file gives it
 * @param measured when; empty where the file does not say
 * @param latency as the tool reports it, whatever the number of requests
 * @param requests successful ones
 * @param errors failed ones; empty where the file does not count them
 * @param incomplete why the run ended early, in one phrase; empty unless the file says so
 * @param source what its requests were
 * @param effective the options that nimload has too
 * @param notes what a reader must know about this kind of file, one sentence each
 */
record Measured(
        Path file,
        String tool,
        Optional<Instant> measured,
        Latency latency,
        OptionalDouble requestsPerSecond,
        long requests,
        OptionalLong errors,
        Optional<String> incomplete,
        Source source,
        Map<String, String> effective,
        List<String> notes) {

    /**
     * What the requests were; empty where the file does not say.
     *
     * @param endpoint {@code embeddings}, {@code rankings} …
     * @param inputType {@code query} or {@code passage}
     * @param tokens mean of the synthetic texts; empty for texts from a file
     * @param items texts or passages a request
     */
    record Source(
            Optional<String> endpoint,
            Optional<String> inputType,
            Optional<String> model,
            Optional<String> url,
            OptionalInt tokens,
            OptionalInt items,
            OptionalInt concurrency) {}

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
