package nimload.capacity;

/** What the search does next. */
public sealed interface Next {
    /**
     * A step. It ends when its {@link StepTrial} is done, or after the longest time.
     *
     * @param value rate in requests per second, or concurrency
     * @param mostRequests after which its test gives up
     * @param mostSeconds what is left of the search's time
     */
    record Probe(double value, long mostRequests, double mostSeconds) implements Next {}

    /** The answer. */
    record Done(Found found) implements Next {}
}
