package nimload.capacity;

import java.util.List;

/**
 * What one step showed.
 *
 * @param value its rate in requests per second, or its concurrency
 * @param verdict of all limits together
 * @param cause what broke a limit, or kept the step from showing anything; {@link Cause#NONE} if it held
 * @param collapsed whether requests arrived faster than they were answered, so that the backlog grew, or none was answered
 *     rightly any more
 * @param requests finished, all of them
 * @param seconds from its first intended send to its last
 * @param evidence per limit, in the order of the limits
 */
public record Outcome(
        double value,
        Verdict verdict,
        Cause cause,
        boolean collapsed,
        long requests,
        double seconds,
        List<Evidence> evidence) {
    /** Whether a step kept the limits. */
    public enum Verdict {
        HOLDS,
        BROKEN,
        UNDECIDED
    }

    /** What decided a step. */
    public enum Cause {
        NONE("nothing"),
        LATENCY("latency"),
        ERRORS("errors"),
        CLIENT("the client");

        private final String text;

        Cause(String text) {
            this.text = text;
        }

        /** As in "latency broke first". */
        public String text() {
            return text;
        }
    }

    /**
     * What a step says about one limit.
     *
     * @param late requests that failed or were slower than the limit
     * @param count all requests that count
     * @param inflation of the variance of their share by correlation, at least 1
     */
    public record Evidence(long late, long count, double inflation) {}

    public Outcome {
        evidence = List.copyOf(evidence);
    }

    /** The same step, with what the tries of it before took too. */
    public Outcome took(double all) {
        return new Outcome(value, verdict, cause, collapsed, requests, all, evidence);
    }

    /** The same step, if nothing was answered rightly any more: that is broken, although requests were too few for a test. */
    public Outcome silent() {
        return new Outcome(value, Verdict.BROKEN, Cause.ERRORS, true, requests, seconds, evidence);
    }

    /** The same step, if the client could not keep the load: it says nothing about the target. */
    public Outcome limitedByClient() {
        return new Outcome(value, Verdict.UNDECIDED, Cause.CLIENT, false, requests, seconds, List.of());
    }
}
