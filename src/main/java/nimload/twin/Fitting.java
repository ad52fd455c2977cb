package nimload.twin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import nimload.emulator.ServiceTimes;

/**
 * Fits the service times of one NIM to some of its levels: least squares of the logarithms of requests/s, p50 and, where the
 * server tells it, compute time, each predicted by {@link ClosedLoop}.
 *
 * <p>A batch of {@code n} items of {@code t} tokens takes {@code f(t) × (a + k n t) × e(n, t)}: a fixed part and a part per
 * token, a factor per length of text and a small deviation at the sizes of batch that the levels show. Factors and
 * deviations are held near 1 unless the levels contradict, so few levels suffice, and more levels bend the line. A fixed
 * part on the GPU and one on the host are told apart by levels at several concurrencies, since only the GPU's is waited for.
 */
final class Fitting {
    /**
     * How far predictions may be off, relatively: of requests/s more, since each pause of the client lowers them, and of
     * compute time, since servers count it in their own ways.
     */
    private static final double P50_SIGMA = 0.01;

    private static final double RATE_SIGMA = 0.02;
    private static final double COMPUTE_SIGMA = 0.03;

    /** How far parameters may be from what is expected, as logarithms: fixed parts and parts per item can be anything. */
    private static final double ANY = 2;

    private static final double FACTOR = 0.3;
    private static final double DEVIATION = 0.03;

    /** Of {@code maxItemsPerBatch}, the likeliest first: a run does not show the number itself, only which batches fit. */
    private static final List<Integer> BATCH_LIMITS = List.of(64, 32, 128, 16, 256, 8, 1024, 4, 2, 1);

    /** A less likely limit has to fit better by this. */
    private static final double CLEARLY = 4;

    /** Lengths of text this close are one. */
    private static final double SAME_LENGTH = 1.05;

    private final List<RunLevel> levels;
    private final int limit;
    private final TreeMap<Integer, SortedSet<Integer>> sizesByTokens = new TreeMap<>();
    private final double[] expected;
    private final double[] tolerance;

    /** @param cost sum of squared misfits and deviations, in tolerances */
    private record Fitted(ServiceTimes times, double cost) {}

    private Fitting(List<RunLevel> levels, int limit) {
        this.levels = levels;
        this.limit = limit;
        levels.stream()
                .sorted(Comparator.comparingDouble(RunLevel::tokensPerItem))
                .forEach(level -> sizes(level.tokensPerItem()).addAll(sizesOf(level)));
        RunLevel lightest = levels.stream()
                .min(Comparator.comparingDouble(RunLevel::meanMs))
                .orElseThrow();
        double serviceMs = Math.max(0.1 * lightest.meanMs(), lightest.meanMs() - lightest.clientMs())
                / Math.max(1, lightest.concurrency() / 2.0);
        double msPerToken = levels.stream()
                .mapToDouble(level -> 1000 / level.requestsPerSecond() / level.tokensPerRequest())
                .min()
                .orElseThrow();
        List<double[]> priors = new ArrayList<>();
        priors.add(new double[] {Math.log(0.1 * serviceMs), ANY});
        priors.add(new double[] {Math.log(0.001 * serviceMs), ANY});
        priors.add(new double[] {Math.log(0.5 * serviceMs), ANY});
        priors.add(new double[] {Math.log(msPerToken), ANY});
        sizesByTokens.values().forEach(sizes -> {
            priors.add(new double[] {0, FACTOR});
            sizes.forEach(size -> priors.add(new double[] {0, DEVIATION}));
        });
        expected = priors.stream().mapToDouble(prior -> prior[0]).toArray();
        tolerance = priors.stream().mapToDouble(prior -> prior[1]).toArray();
    }

    /** @param levels of one kind of NIM, at least one */
    static ServiceTimes of(List<RunLevel> levels) {
        Fitted best = null;
        Set<List<Integer>> seen = new HashSet<>();
        for (int limit : BATCH_LIMITS) {
            if (seen.add(levels.stream()
                    .map(level -> ClosedLoop.mostInABatch(limit, level))
                    .toList())) {
                Fitted fitted = new Fitting(levels, limit).fitted();
                if (best == null || fitted.cost() < best.cost() - CLEARLY) {
                    best = fitted;
                }
            }
        }
        return best.times();
    }

    private Fitted fitted() {
        LeastSquares.Minimum minimum = LeastSquares.of(this::residuals, expected);
        return new Fitted(times(minimum.parameters()), minimum.cost());
    }

    private SortedSet<Integer> sizes(double tokensPerItem) {
        Integer near = sizesByTokens.floorKey((int) Math.round(tokensPerItem));
        return near != null && tokensPerItem < SAME_LENGTH * near
                ? sizesByTokens.get(near)
                : sizesByTokens.computeIfAbsent((int) Math.round(tokensPerItem), length -> new TreeSet<>());
    }

    /** Items in a batch that the level mostly shows: users alternate, one half waiting while the other is served. */
    private SortedSet<Integer> sizesOf(RunLevel level) {
        int half = Math.max(1, level.concurrency() / 2);
        return new TreeSet<>(
                List.of(level.items(), level.items() * Math.min(half, ClosedLoop.mostInABatch(limit, level))));
    }

    private double[] residuals(double[] parameters) {
        ServiceTimes times = times(parameters);
        DoubleStream misfits = levels.stream().flatMapToDouble(level -> {
            ClosedLoop.Prediction predicted = ClosedLoop.of(times, level);
            return DoubleStream.of(
                    Math.log(predicted.requestsPerSecond() / level.requestsPerSecond()) / RATE_SIGMA,
                    level.p50Sure() ? Math.log(predicted.p50Ms() / level.p50Ms()) / P50_SIGMA : 0,
                    level.computeMs().isPresent()
                            ? Math.log(predicted.computeMs() / level.computeMs().getAsDouble()) / COMPUTE_SIGMA
                            : 0);
        });
        DoubleStream deviations =
                IntStream.range(0, parameters.length).mapToDouble(i -> (parameters[i] - expected[i]) / tolerance[i]);
        return DoubleStream.concat(misfits, deviations).toArray();
    }

    private ServiceTimes times(double[] parameters) {
        double fixedMs = Math.exp(parameters[2]);
        double msPerToken = Math.exp(parameters[3]);
        TreeMap<Integer, NavigableMap<Integer, Double>> rows = new TreeMap<>();
        int next = 4;
        for (Map.Entry<Integer, SortedSet<Integer>> row : sizesByTokens.entrySet()) {
            double factor = Math.exp(parameters[next++]);
            double tokens = row.getKey();
            NavigableMap<Integer, Double> millis = new TreeMap<>();
            for (int size : List.of(1, 2 * Math.max(limit, row.getValue().last()))) {
                millis.put(size, factor * (fixedMs + msPerToken * tokens * size));
            }
            for (int size : row.getValue()) {
                millis.put(size, factor * (fixedMs + msPerToken * tokens * size) * Math.exp(parameters[next++]));
            }
            rows.put(row.getKey(), millis);
        }
        return new ServiceTimes(rows, 0, Math.exp(parameters[0]), Math.exp(parameters[1]), limit);
    }
}
