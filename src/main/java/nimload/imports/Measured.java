package nimload.imports;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.results.Latency;

/**
 * What one exported file says.
 *
 * @param tool {@code genai-perf} or {@code aiperf}, with its version where the file says it
 * @param measured when; empty where the file does not say
 * @param requests successful ones
 * @param errors failed ones; empty where the file does not count them
 * @param incomplete why the run ended before its time, in one phrase; empty where the file does not say that it did
 * @param source what its level is, as far as it says
 * @param effective what was in force of what nimload names too
 * @param notes what a reader must know of this kind of file, a sentence each
 */
record Measured(
        Path file,
        String tool,
        Optional<Instant> measured,
        Latency latencyMs,
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
}
