package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import nimload.emulator.EmbeddedNim;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.run.LevelPlan.Times;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Levels against a loopback server that answers at once: a few thousand requests of the largest shape of each workload,
 * so that the client's code is compiled before anything is measured. Cold, it doubles what it adds to each latency.
 *
 * @param server closed with the last level
 */
record Rehearsal(List<LevelPlan> plans, EmbeddedNim server) implements Phase {
    private static final String ANNOUNCEMENT = "Warming up the client against a loopback server, not measured";

    /** Pass 1 triggers compilation; pass 2 lets deoptimised code settle. */
    private static final int PASSES = 2;

    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final Duration EACH = Duration.ofMillis(600);

    /** Keeps two cores busy without a queue. */
    private static final int CONCURRENCY = 2;

    /** Starts the server. */
    static Rehearsal of(RunPlan run) {
        Settings settings = run.settings();
        EmbeddedNim server = EmbeddedNim.startWithFixedDelay(0, Duration.ZERO);
        TokenCosts costs = new TokenCosts(0, CommonWords.load(), false);
        Times times = Times.fixed(WARM_UP, EACH, settings.timing().requestTimeout());
        List<LevelPlan> plans = new ArrayList<>();
        for (int pass = 0; pass < PASSES; pass++) {
            for (LoadPoint shape : largestShapes(run.closedPoints())) {
                plans.add(new LevelPlan(
                        "rehearsal " + (plans.size() + 1) + ": " + shape.name(),
                        plans.isEmpty() ? Optional.of(ANNOUNCEMENT) : Optional.empty(),
                        shape,
                        List.of(server.url()),
                        Optional.empty(),
                        OptionalInt.empty(),
                        new RequestFactory(
                                EmbeddedNim.model(shape.workload().nim()),
                                costs,
                                PairCounting.UNKNOWN,
                                settings.requests().asEmulated(),
                                run.nims().requests().get(shape.workload()).own()),
                        ExpectedAnswer.UNKNOWN,
                        times,
                        settings.headers(shape.workload().nim())));
            }
        }
        return new Rehearsal(plans, server);
    }

    private static List<LoadPoint> largestShapes(List<LoadPoint> points) {
        return Stream.of(Workload.values())
                .flatMap(workload -> points.stream()
                        .filter(point -> point.workload() == workload)
                        .max(Comparator.comparingLong(RequestFactory::bytesOf))
                        .stream())
                .map(point -> point.atConcurrency(CONCURRENCY))
                .toList();
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        if (isLast(plan)) {
            server.close();
        }
    }
}
