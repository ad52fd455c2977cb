package nimload.twin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * One GPU with a dynamic batcher and its users, event by event: an independent account of what {@link ClosedLoop} computes
 * batch by batch, with times of its own and a client that takes random time.
 *
 * @param overheadMs of a batch
 * @param hostMs of a request after its batch
 * @param limit items in a shared batch
 * @param msByItems of a batch, by tokens per item and by items
 */
record ModelledGpu(double overheadMs, double hostMs, int limit, Map<Integer, TreeMap<Integer, Double>> msByItems) {
    static final double CLIENT_MS = 0.15;

    /** Of what {@link Run#mostly} makes of it. */
    static final double CLIENT_P50_MS = CLIENT_MS * (0.7 + 0.3 * 0.5 / 0.98);

    static final double CLIENT_P99_MS = 4 * CLIENT_MS;

    static final double GAP_MS = 0.05;

    /** @param latencies sorted, ms */
    record Level(double[] latencies, double seconds, double computeMs) {
        double p50() {
            return latencies[latencies.length / 2];
        }

        double meanMs() {
            return Arrays.stream(latencies).average().orElseThrow();
        }

        double requestsPerSecond() {
            return latencies.length / seconds;
        }
    }

    private record Event(double at, Runnable what) {}

    double batchMs(int tokensPerItem, int items) {
        TreeMap<Integer, Double> row = msByItems.get(tokensPerItem);
        Map.Entry<Integer, Double> low = row.floorEntry(items);
        Map.Entry<Integer, Double> high = row.higherEntry(items);
        if (high == null) {
            high = low;
            low = row.lowerEntry(low.getKey());
        }
        double share = (double) (items - low.getKey()) / (high.getKey() - low.getKey());
        return overheadMs + low.getValue() + share * (high.getValue() - low.getValue());
    }

    Level level(int tokensPerItem, int items, int users, int requests, long seed) {
        return new Run(this, tokensPerItem, items, new Random(seed)).of(users, requests);
    }

    private static final class Run {
        private final ModelledGpu gpu;
        private final int tokensPerItem;
        private final int items;
        private final Random random;
        private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingDouble(Event::at));
        private final ArrayDeque<Double> waiting = new ArrayDeque<>();
        private final List<Double> latencies = new ArrayList<>();
        private double now;
        private double computeMs;
        private boolean busy;

        Run(ModelledGpu gpu, int tokensPerItem, int items, Random random) {
            this.gpu = gpu;
            this.tokensPerItem = tokensPerItem;
            this.items = items;
            this.random = random;
        }

        Level of(int users, int requests) {
            for (int user = 0; user < users; user++) {
                after(0.1 * random.nextDouble(), this::send);
            }
            int warmUp = 10 * users;
            double begin = 0;
            while (latencies.size() < warmUp + requests) {
                Event next = events.remove();
                now = next.at();
                next.what().run();
                if (latencies.size() <= warmUp) {
                    begin = now;
                    computeMs = 0;
                }
            }
            double[] measured = latencies.subList(warmUp, warmUp + requests).stream()
                    .mapToDouble(latency -> latency)
                    .sorted()
                    .toArray();
            return new Level(measured, (now - begin) / 1000, computeMs / requests);
        }

        private void after(double ms, Runnable what) {
            events.add(new Event(now + ms, what));
        }

        private void send() {
            waiting.add(now);
            if (!busy) {
                start();
            }
        }

        private void start() {
            List<Double> batch = new ArrayList<>();
            do {
                batch.add(waiting.remove());
            } while (!waiting.isEmpty() && (batch.size() + 1) * items <= gpu.limit());
            busy = true;
            double ms = gpu.batchMs(tokensPerItem, batch.size() * items);
            after(ms, () -> finish(batch, ms));
        }

        private void finish(List<Double> batch, double ms) {
            busy = false;
            if (!waiting.isEmpty()) {
                start();
            }
            for (double sent : batch) {
                after(gpu.hostMs() + mostly(CLIENT_MS), () -> {
                    latencies.add(now - sent);
                    computeMs += ms;
                    after(mostly(GAP_MS), this::send);
                });
            }
        }

        /** Mostly near the mean, now and then four times as long. */
        private double mostly(double mean) {
            return mean * (random.nextInt(50) == 0 ? 4 : 0.7 + 0.3 * random.nextDouble());
        }
    }
}
