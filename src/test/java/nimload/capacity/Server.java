package nimload.capacity;

import java.util.SplittableRandom;
import nimload.capacity.Outcome.Verdict;
import nimload.capacity.QueueSimulation.Arrivals;

/** A target for the search in virtual time: runs one step. */
interface Server {
    /**
     * @param value rate or concurrency
     * @param test takes every request until it decides
     */
    void run(double value, long mostRequests, long seed, StepTest test);

    /** An open model against a queue; every request is answered. */
    static Server open(QueueSimulation queue, Arrivals arrivals) {
        return (value, most, seed, test) -> {
            long[] count = {0};
            queue.open(
                    value,
                    arrivals,
                    seed,
                    (intended, response) ->
                            test.add(intended, response, true) == Verdict.UNDECIDED && ++count[0] < most);
        };
    }

    /** A closed model against a queue. */
    static Server closed(QueueSimulation queue) {
        return (value, most, seed, test) -> {
            long[] count = {0};
            queue.closed(
                    (int) value,
                    seed,
                    (intended, response) ->
                            test.add(intended, response, true) == Verdict.UNDECIDED && ++count[0] < most);
        };
    }

    /** Answers at once, but fails this share of the requests above a rate. */
    static Server failingAbove(double rate, double share) {
        return (value, most, seed, test) -> {
            SplittableRandom random = new SplittableRandom(seed);
            double failing = value > rate ? share : 0;
            for (long i = 0; i < most; i++) {
                if (test.add(i / value, 1, random.nextDouble() >= failing) != Verdict.UNDECIDED) {
                    return;
                }
            }
        };
    }
}
