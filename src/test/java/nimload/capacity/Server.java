package nimload.capacity;

import java.util.SplittableRandom;
import nimload.capacity.QueueSimulation.Arrivals;

/** A target for the search in virtual time: runs one step. */
interface Server {
    /**
     * @param value rate or concurrency
     * @param test takes every request until it is done
     */
    void run(double value, long seed, StepTrial test);

    /** An open model against a queue; every request is answered. */
    static Server open(QueueSimulation queue, Arrivals arrivals) {
        return (value, seed, test) -> {
            queue.open(value, arrivals, seed, (intended, response) -> more(test, intended, response));
        };
    }

    /** A closed model against a queue. */
    static Server closed(QueueSimulation queue) {
        return (value, seed, test) -> {
            queue.closed((int) value, seed, (intended, response) -> more(test, intended, response));
        };
    }

    /** Answers at once, but fails this share of the requests above a rate. */
    static Server failingAbove(double rate, double share) {
        return (value, seed, test) -> {
            SplittableRandom random = new SplittableRandom(seed);
            double failing = value > rate ? share : 0;
            for (long i = 0; !test.done(); i++) {
                test.add(i / value, 1, random.nextDouble() >= failing);
            }
        };
    }

    private static boolean more(StepTrial test, double intended, double response) {
        test.add(intended, response, true);
        return !test.done();
    }
}
