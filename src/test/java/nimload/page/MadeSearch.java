package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Capacity;
import nimload.results.Capacity.Recovery;
import nimload.results.Capacity.Step;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.RunResults;

/** A run of one search whose numbers are known: the limit breaks between 96 and 98 queries per second. */
public final class MadeSearch {
    public static final LoadPoint POINT = new LoadPoint(Workload.QUERY, 20, 0, 1, 1);

    static final OptionalDouble GOODPUT = OptionalDouble.of(80);

    private static final int IN_FLIGHT = 64;

    private MadeSearch() {}

    /** By rate; at 110/s the target collapsed, and 40 requests waited. */
    public static RunResults byRate() {
        List<LevelResults> levels = new ArrayList<>();
        for (double rate : new double[] {25, 50, 100, 110, 90, 96, 98}) {
            levels.add(open(rate));
        }
        return byRate(
                levels,
                List.of(
                        step(25, "holds", 25),
                        step(50, "holds", 50),
                        step(100, "broken: latency", 92.5),
                        step(110, "broken: latency, the backlog grew", 11),
                        step(90, "holds", 90),
                        step(96, "holds", 95.6),
                        step(98, "undecided", 93)));
    }

    /** The same levels, of which the search knows these steps only. */
    static RunResults withSteps(Step... steps) {
        return byRate(byRate().levels(), List.of(steps));
    }

    /** The same, without a load that kept the limit. */
    public static RunResults withoutAHeldStep() {
        RunResults run = byRate();
        Capacity found = run.capacity().get(0);
        return run.withCapacity(List.of(new Capacity(
                found.point(),
                found.by(),
                found.limits(),
                OptionalDouble.empty(),
                found.atMost(),
                OptionalDouble.empty(),
                found.brokeFirst(),
                "less than 98.4 queries/s at p95 <= 20 ms (95 %); latency broke first",
                found.steps(),
                found.requests(),
                found.recoveries())));
    }

    private static RunResults byRate(List<LevelResults> levels, List<Step> steps) {
        return Made.run(levels)
                .withCapacity(List.of(new Capacity(
                        POINT,
                        "rate",
                        List.of("p95 <= 20 ms"),
                        OptionalDouble.of(96),
                        OptionalDouble.of(98.4),
                        OptionalDouble.of(97.2),
                        Optional.of("latency"),
                        "at least 96 and at most 98.4 queries/s at p95 <= 20 ms (95 %); latency broke first",
                        steps,
                        7 * 500,
                        List.of(new Recovery(110, OptionalDouble.of(1.24), 1.24)))));
    }

    /** Up to the limit the queue hardly waits for a connection. */
    private static LevelResults open(double rate) {
        double p95 = rate > 100 ? 2013 : 2 + 18 * Math.pow(rate / 97, 8);
        return new Made.Level(POINT.atConcurrency(IN_FLIGHT).at(Load.poisson(rate)))
                .requestsPerSecond(Math.min(rate, 99.5), 1)
                .with(Percentile.P50, Math.min(20, p95 / 3), 5)
                .with(Percentile.P95, Math.min(30, p95), 5)
                .with(Percentile.P99, Math.min(40, 1.5 * p95), 10)
                .arrivals(
                        Map.of(
                                Percentile.P50, Made.Level.estimate(p95 / 3, 5),
                                Percentile.P95, Made.Level.estimate(p95, 5),
                                Percentile.P99, Made.Level.estimate(1.5 * p95, 10)),
                        rate > 100 ? 40 : 0)
                .results();
    }

    /** Levels at two rates, which no search asked for. */
    public static RunResults fixedRates() {
        return Made.run(List.of(open(25), open(50)));
    }

    private static Step step(double load, String verdict, double goodput) {
        return new Step(load, verdict, 500, OptionalDouble.of(goodput));
    }

    /** By users, of whom one to three keep the limit; nothing is known of a goodput. */
    public static RunResults byConcurrency() {
        List<LevelResults> levels = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (int users : new int[] {1, 2, 4, 3}) {
            levels.add(Made.query(users)
                    .requestsPerSecond(50 * users)
                    .with(Percentile.P95, 6 * users)
                    .results());
            steps.add(new Step(users, users < 4 ? "holds" : "broken: latency", 500, OptionalDouble.empty()));
        }
        return Made.run(levels)
                .withCapacity(List.of(new Capacity(
                        POINT,
                        "concurrency",
                        List.of("p95 <= 20 ms"),
                        OptionalDouble.of(3),
                        OptionalDouble.of(4),
                        OptionalDouble.empty(),
                        Optional.of("latency"),
                        "at least 3 and at most 4 users at p95 <= 20 ms (95 %); latency broke first",
                        steps,
                        4 * 500,
                        List.of())));
    }
}
