package nimload.twin;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import nimload.emulator.ServiceTimes;

/**
 * A level in virtual time: users who send again after their answers, in front of one GPU that batches as {@code
 * nimload.emulator.Gpu} does. Once free, the GPU takes as many waiting requests as fit, in order of arrival; a request is
 * answered when its batch and the host's part are over.
 */
final class ClosedLoop {
    private static final int REQUESTS = 400;
    private static final int REQUESTS_PER_USER = 15;

    /** Of the requests: by then the users have lost the order in which they began. */
    private static final double SETTLED = 0.25;

    private static final long SEED = 15;

    private ClosedLoop() {}

    /**
     * @param requestsPerSecond of all users together
     * @param p50Ms of latency, from send to answer
     * @param computeMs mean time of a request's batch
     */
    record Prediction(double requestsPerSecond, double p50Ms, double computeMs) {}

    /** @param level of which the concurrency, the requests and the client's share count, not what was measured */
    static Prediction of(ServiceTimes times, RunLevel level) {
        SplittableRandom random = new SplittableRandom(SEED);
        int users = level.concurrency();
        int requests = REQUESTS + REQUESTS_PER_USER * users;
        int settled = (int) (SETTLED * requests);
        double[] batchMs = new double[users + 1];
        for (int size = 1; size <= users; size++) {
            batchMs[size] = times.batchNanos(size * level.items(), size * level.tokensPerRequest()) / 1e6;
        }
        int most = mostInABatch(times.maxItemsPerBatch(), level);
        PriorityQueue<Double> sent = new PriorityQueue<>();
        for (int user = 0; user < users; user++) {
            sent.add(user * 1e-3);
        }
        double[] latencies = new double[requests - settled];
        double computeMs = 0;
        double freeMs = 0;
        int done = 0;
        while (done < requests) {
            double startMs = Math.max(freeMs, sent.element());
            double[] batch = new double[most];
            int size = 0;
            while (size < most && !sent.isEmpty() && sent.element() <= startMs) {
                batch[size++] = sent.remove();
            }
            freeMs = startMs + batchMs[size];
            for (int i = 0; i < size; i++) {
                double answerMs = freeMs + times.hostNanos(level.items()) / 1e6 + client(level, random);
                sent.add(answerMs + scattered(level.gapMs(), random));
                if (done >= settled && done < requests) {
                    latencies[done - settled] = answerMs - batch[i];
                    computeMs += batchMs[size];
                }
                done++;
            }
        }
        Arrays.sort(latencies);
        // Each user spends its time either waiting or in the gap.
        double roundMs = Arrays.stream(latencies).average().orElseThrow() + level.gapMs();
        return new Prediction(
                1000 * users / roundMs, latencies[(latencies.length + 1) / 2 - 1], computeMs / latencies.length);
    }

    /** The most requests of a level that can share a batch. */
    static int mostInABatch(int maxItemsPerBatch, RunLevel level) {
        return Math.max(1, Math.min(level.concurrency(), maxItemsPerBatch / level.items()));
    }

    /** The slowest 2 % take what p99 is, in their middle: while a user is late, the GPU may have nothing to do. */
    private static double client(RunLevel level, SplittableRandom random) {
        return random.nextInt(50) == 0 ? level.clientP99Ms() : scattered(level.clientMs(), random);
    }

    /** Between half and one and a half of the mean, so that users don't stay in step. */
    private static double scattered(double mean, SplittableRandom random) {
        return mean * (0.5 + random.nextDouble());
    }
}
