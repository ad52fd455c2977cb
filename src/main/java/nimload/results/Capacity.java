package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Load;
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
 * @param steps in the order in which they ran, those that were tried again included
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
        List<Step> steps,
        long requests,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Recovery> recoveries) {

    /** What {@link #by} says where users are raised instead of a rate. */
    private static final String BY_CONCURRENCY = "concurrency";

    /**
     * One load that was tried.
     *
     * @param load requests per second, or users
     * @param verdict {@code holds}, {@code broken: …}, {@code undecided}, {@code the client is the limit}, or {@code again: …}
     *     with the reason why the same load was tried once more
     * @param requests counted, successful and failed
     * @param goodputPerSecond right answers within the shortest limit, per second of the measured window; empty without a
     *     window
     */
    public record Step(double load, String verdict, long requests, OptionalDouble goodputPerSecond) {
        public static final String HOLDS = "holds";
        public static final String BROKEN = "broken: ";
        public static final String AGAIN = "again: ";

        public Step {
            Objects.requireNonNull(verdict, "verdict is missing");
        }

        private static final int FEWEST = 20;

        /** Whether its requests are enough to show a rate. */
        public boolean showsRate() {
            return requests >= FEWEST;
        }

        /** Whether the same load was tried once more. */
        public boolean triedAgain() {
            return verdict.startsWith(AGAIN);
        }

        public boolean holds() {
            return verdict.equals(HOLDS);
        }

        public boolean broken() {
            return verdict.startsWith(BROKEN);
        }
    }

    /**
     * @param load under which the target collapsed
     * @param seconds from the end of the load to the first right answer within the limit; empty: it did not recover in time
     * @param waitedSeconds for it
     */
    public record Recovery(double load, OptionalDouble seconds, double waitedSeconds) {}

    public Capacity {
        Objects.requireNonNull(by, "by is missing");
        Objects.requireNonNull(point, "point is missing");
        Objects.requireNonNull(sentence, "sentence is missing");
        steps = steps == null ? List.of() : List.copyOf(steps);
        limits = limits == null ? List.of() : List.copyOf(limits);
        recoveries = recoveries == null ? List.of() : List.copyOf(recoveries);
    }

    /** Whether users are raised, each of whom sends again after its answer, or a rate. */
    public boolean byConcurrency() {
        return by.equals(BY_CONCURRENCY);
    }

    /** Whether this level is one of its steps. */
    public boolean covers(LoadPoint level) {
        return level.load().closed() == byConcurrency()
                && level.at(Load.CLOSED).atConcurrency(point.concurrency()).equals(point);
    }

    /** The load of a level that is one of its steps. */
    public double loadOf(LoadPoint level) {
        return byConcurrency() ? level.concurrency() : level.load().requestsPerSecond();
    }
}
