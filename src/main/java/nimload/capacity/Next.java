package nimload.capacity;

/** What the search does next. */
public sealed interface Next {
    /**
     * A step. It ends as soon as {@link StepTest} knows, or at the first of the two bounds.
     *
     * @param value rate in requests per second, or concurrency
     * @param mostRequests finished
     * @param mostSeconds what is left of the search's time
     */
    record Probe(double value, long mostRequests, double mostSeconds) implements Next {}

    /** The answer. */
    record Done(Found found) implements Next {}
}
