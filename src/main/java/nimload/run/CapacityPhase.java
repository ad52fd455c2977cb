package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.plan.LoadPoint;
import nimload.run.LevelPlan.Times;

/** The steps of one search, each a level. */
final class CapacityPhase implements Phase, LevelSeries {
    /** Undecided steps near the boundary included. */
    static final int MOST_STEPS = 40;

    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration COMPARISON = Duration.ofMillis(60);

    private final RunPlan run;
    private final Search search;
    private final Measurement.Watches watches;
    private final RunReport report;
    private final Host host;
    private final RunThreads threads;
    private final List<Level> levels = new ArrayList<>();
    private volatile int closed;
    private boolean ended;

    CapacityPhase(
            RunPlan run, Search search, Measurement.Watches watches, RunReport report, Host host, RunThreads threads) {
        this.run = run;
        this.search = search;
        this.watches = watches;
        this.report = report;
        this.host = host;
        this.threads = threads;
    }

    private LevelPlan plan(LoadPoint point, String name, Optional<String> announcement, double longestSeconds) {
        return new LevelPlan(
                name,
                announcement,
                point,
                run.target(point).replicas(),
                run.balancer(point),
                OptionalInt.of(levels.size() + 1),
                run.nims().requests().get(point.workload()),
                ExpectedAnswer.of(run.target(point), run.settings().requests().embedding()),
                new Times(
                        WARM_UP,
                        SHORTEST,
                        Duration.ofMillis(Math.round(1e3 * longestSeconds)),
                        0,
                        OptionalDouble.empty(),
                        COMPARISON,
                        run.times().requestTimeout()),
                run.settings().headers(point.workload().nim()));
    }

    @Override
    public LevelPlan plan() {
        LoadPoint widest = search.widestPoint();
        return plan(widest, "capacity: " + search.point().shape().description(), Optional.empty(), 1);
    }

    @Override
    public List<LevelPlan> plans() {
        return levels.stream().map(Level::plan).toList();
    }

    @Override
    public boolean awaits(int step) {
        if (closed < step || search.awaitsRecovery()) {
            return true;
        }
        endsIfDone();
        return false;
    }

    /** The answer of a search that has ended is written before its users leave. */
    private synchronized void endsIfDone() {
        if (search.next().isEmpty() && !ended) {
            report.found(search.capacity());
            ended = true;
        }
    }

    @Override
    public synchronized Optional<Level> level(int step) {
        if (step == levels.size() && search.next().isPresent()) {
            LevelPlan next = plan(
                    search.nextPoint(),
                    search.nextPoint().name(),
                    Optional.of(search.nextPoint().announcement()),
                    search.next().orElseThrow().mostSeconds());
            levels.add(new Level(next, this, host, threads, search.widestPoint().concurrency()));
        }
        return step < levels.size() ? Optional.of(levels.get(step)) : Optional.empty();
    }

    @Override
    public synchronized void awaitClosed() {
        levels.forEach(Level::awaitClosed);
    }

    @Override
    public Optional<String> opens(LevelPlan plan) {
        return plan.announcement().map(line -> String.format(Locale.ROOT, "%s   [step %d]", line, closed + 1));
    }

    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        return watches.of(plan);
    }

    @Override
    public Optional<Judge> judge(LevelPlan plan) {
        return Optional.of(search.judge());
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        if (search.replacesStepAt(plan.point())) {
            report.dropped(plan.point());
        }
        report.levelClosed(plan.point(), result, level -> level, log);
        host.out().println("  → " + search.stepEnded(result));
        report.searching(search.capacity());
        // Levels close one after another.
        closed = closed + 1;
    }

    @Override
    public boolean reported() {
        return true;
    }
}
