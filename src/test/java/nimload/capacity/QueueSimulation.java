package nimload.capacity;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import nimload.emulator.ServiceTimes;

/**
 * A discrete-event simulation, in virtual time, of a server that answers requests in batches: one batch at a time; once
 * free it takes as many waiting requests as fit, in order of arrival, and never waits for more. It shares no code with
 * the embedded NIM's GPU but the table of service times.
 *
 * @param mostPerBatch requests in a batch
 * @param batch how long a batch of so many requests keeps the server busy
 * @param hostSeconds after the batch until the answer; the server is free for the next batch meanwhile
 */
record QueueSimulation(int mostPerBatch, Batch batch, double hostSeconds) {

    /** Seconds that the server is busy. */
    interface Batch {
        double seconds(int requests, double startSeconds, SplittableRandom random);
    }

    /** How arrivals keep a rate. */
    enum Arrivals {
        CONSTANT,
        POISSON
    }

    /** Takes the requests of one step in order of arrival. */
    interface Sink {
        /**
         * @param intendedSeconds after the start of the step
         * @param responseMillis from the intended send to the answer
         * @return whether to go on
         */
        boolean add(double intendedSeconds, double responseMillis);
    }

    /**
     * The embedded NIM's GPU.
     *
     * @param items texts or pairs per request
     * @param tokens of all items of a request together
     */
    static QueueSimulation gpu(ServiceTimes times, int items, long tokens) {
        double[] seconds = new double[Math.max(1, times.maxItemsPerBatch() / items) + 1];
        for (int requests = 1; requests < seconds.length; requests++) {
            seconds[requests] = times.batchNanos(requests * items, requests * tokens) / 1e9;
        }
        return new QueueSimulation(
                seconds.length - 1, (requests, start, random) -> seconds[requests], times.hostNanos(items) / 1e9);
    }

    /** One request at a time, exponentially distributed service times: M/M/1 with Poisson arrivals. */
    static QueueSimulation exponential(double serviceSeconds) {
        return new QueueSimulation(
                1, (requests, start, random) -> -serviceSeconds * Math.log(1 - random.nextDouble()), 0);
    }

    /** One request at a time, each taking as long. */
    static QueueSimulation deterministic(double serviceSeconds) {
        return new QueueSimulation(1, (requests, start, random) -> serviceSeconds, 0);
    }

    /** This server, but standing still for {@code stillSeconds} at the end of every {@code everySeconds}. */
    QueueSimulation stalling(double everySeconds, double stillSeconds) {
        return new QueueSimulation(
                mostPerBatch,
                (requests, start, random) -> {
                    double phase = start % everySeconds;
                    double still = phase > everySeconds - stillSeconds ? everySeconds - phase : 0;
                    return still + batch.seconds(requests, start, random);
                },
                hostSeconds);
    }

    /**
     * The open model from an empty server on: response times of the first n requests, in order of arrival.
     *
     * @param rate requests per second
     */
    double[] responseMillis(double rate, Arrivals arrivals, long seed, int n) {
        double[] millis = new double[n];
        int[] filled = {0};
        open(rate, arrivals, seed, (intended, response) -> {
            millis[filled[0]++] = response;
            return filled[0] < n;
        });
        return millis;
    }

    /** By nearest rank. */
    static double percentile(double[] millis, double percentile) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(percentile / 100 * sorted.length) - 1];
    }

    /** The open model until the sink has enough. */
    void open(double rate, Arrivals arrivals, long seed, Sink sink) {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom service = random.split();
        double[] waiting = new double[mostPerBatch];
        double next = gap(rate, arrivals, random);
        double freeAt = 0;
        while (true) {
            double start = Math.max(freeAt, next);
            int requests = 0;
            do {
                waiting[requests++] = next;
                next += gap(rate, arrivals, random);
            } while (requests < mostPerBatch && next <= start);
            freeAt = start + batch.seconds(requests, start, service);
            for (int i = 0; i < requests; i++) {
                if (!sink.add(waiting[i], 1e3 * (freeAt + hostSeconds - waiting[i]))) {
                    return;
                }
            }
        }
    }

    /**
     * The closed model until the sink has enough: each user sends again as soon as it has its answer. All send first at 0.
     */
    void closed(int users, long seed, Sink sink) {
        SplittableRandom service = new SplittableRandom(seed);
        PriorityQueue<Double> arrivals = new PriorityQueue<>();
        for (int user = 0; user < users; user++) {
            arrivals.add(user * 1e-6);
        }
        double freeAt = 0;
        ArrayDeque<Double> waiting = new ArrayDeque<>();
        while (true) {
            double start = Math.max(freeAt, arrivals.element());
            while (waiting.size() < mostPerBatch && !arrivals.isEmpty() && arrivals.element() <= start) {
                waiting.add(arrivals.remove());
            }
            freeAt = start + batch.seconds(waiting.size(), start, service);
            while (!waiting.isEmpty()) {
                double intended = waiting.remove();
                if (!sink.add(intended, 1e3 * (freeAt + hostSeconds - intended))) {
                    return;
                }
                arrivals.add(freeAt + hostSeconds);
            }
        }
    }

    private static double gap(double rate, Arrivals arrivals, SplittableRandom random) {
        return (arrivals == Arrivals.CONSTANT ? 1 : -Math.log(1 - random.nextDouble())) / rate;
    }
}
