package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.LoadPoint;

/**
 * The answer of a search for the highest load at which limits hold.
 *
 * @param point the requests, without a load of their own
 * @param by {@code rate} in requests per second, or {@code concurrency}
 * @param limits e.g. {@code p95 <= 20 ms}
 * @param atLeast the limits hold up to here, 95 %; empty if no step kept them
 * @param atMost they break before this, 95 %; empty if no step broke them
 * @param estimate most likely between the two
 * @param brokeFirst {@code latency}, {@code errors} or {@code the client}; empty if nothing broke
 * @param sentence all of it in words
 * @param steps of the search
 * @param requests of all steps
 * @param recoveries after steps under which the target collapsed
 */
public record Capacity(
        LoadPoint point,
        String by,
        List<String> limits,
        OptionalDouble atLeast,
        OptionalDouble atMost,
        OptionalDouble estimate,
        Optional<String> brokeFirst,
        String sentence,
        int steps,
        long requests,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Recovery> recoveries) {

    /**
     * @param load under which the target collapsed
     * @param seconds from the end of the load to the first right answer within the limit; empty: it did not recover in time
     * @param waitedSeconds for it
     */
    public record Recovery(double load, OptionalDouble seconds, double waitedSeconds) {}

    public Capacity {
        limits = limits == null ? List.of() : List.copyOf(limits);
        recoveries = recoveries == null ? List.of() : List.copyOf(recoveries);
    }
}
