package nimload.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.results.Generator;
import nimload.results.Generator.Window;
import nimload.results.LevelResults;
import nimload.run.LevelPlan.Times;

/**
 * The levels of the grid, once per repeat. After a level without a right answer, or one that was given up, its NIM is waited
 * for; if it does not come back, the other one's levels still run.
 *
 * @param comebacks of each NIM
 * @param opened when each level's window did, where several generators share a timetable
 * @param missed which levels were left out there, decided once for all users: those who stay wait for each other
 * @param waits whether it was printed that the first level is still to come there
 * @param windows of each level, one per repeat, there
 */
record Measurement(
        RunPlan run,
        List<LevelPlan> plans,
        Watches watches,
        RunReport report,
        Map<NimKind, Comeback> comebacks,
        Pace pace,
        Host host,
        Map<LevelPlan, Instant> opened,
        Map<LevelPlan, Boolean> missed,
        AtomicBoolean waits,
        Map<LoadPoint, List<Window>> windows)
        implements Phase {
    /** A window that opens later than this part of it overlaps too little with the others. */
    private static final int MUCH = 50;

    private static final long MICROS_NANOS = 1000;

    static Measurement of(RunPlan run, Calibration calibration, RunReport report, Host host) {
        List<LevelPlan> plans = new ArrayList<>();
        // The whole grid before it repeats, so that what changes with time affects every level alike.
        for (int repeat = 1; repeat <= run.repeats(); repeat++) {
            String suffix = run.repeats() == 1 ? "" : " (repeat " + repeat + " of " + run.repeats() + ")";
            for (LoadPoint point : run.points()) {
                plans.add(new LevelPlan(
                        point.name() + suffix,
                        Optional.of(point.announcement() + suffix),
                        point,
                        run.target(point).replicas(),
                        run.balancer(point),
                        OptionalInt.of(repeat),
                        run.nims().requests().get(point.workload()),
                        ExpectedAnswer.of(
                                run.target(point), run.settings().requests().embedding()),
                        run.times(),
                        run.settings().headers(point.workload().nim())));
            }
        }
        Map<NimKind, Comeback> comebacks = new EnumMap<>(NimKind.class);
        run.nims()
                .targets()
                .forEach((kind, target) -> comebacks.put(
                        kind,
                        new Comeback(kind.key(), run.patience(), question(run, kind), System::nanoTime, host.out())));
        Times times = run.times();
        Duration planned = times.warmUp().plus(times.measurement()).plus(times.comparison());
        Duration each = run.timetable().map(Timetable::slot).orElse(planned);
        return new Measurement(
                run,
                plans,
                Watches.of(run, calibration),
                report,
                comebacks,
                new Pace(plans.size(), each, System::nanoTime),
                host,
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>(),
                new AtomicBoolean(),
                new ConcurrentHashMap<>());
    }

    /** With the smallest request of the run. */
    private static Comeback.Question question(RunPlan run, NimKind kind) {
        return SingleRequest.of(run, Nims.smallest(run.points(), kind))::answeredRightly;
    }

    private Comeback comeback(LevelPlan plan) {
        return comebacks.get(plan.point().workload().nim());
    }

    /** What is observed during each measured level. */
    record Watches(RunPlan run, Calibration calibration, ServerWatches servers) {
        static Watches of(RunPlan run, Calibration calibration) {
            return new Watches(
                    run,
                    calibration,
                    ServerWatches.of(run.settings(), run.times().measurement()));
        }

        /**
         * A page behind a balancer is each time another server's, so it is not read; nor is one that counts the requests of
         * other generators too. The client is watched innermost: users whose loops wait while the server's page is read would
         * seem late.
         */
        List<LevelWatch> of(LevelPlan plan) {
            return of(plan, plan.part(), true);
        }

        /**
         * @param calibrated the level for whose requests was measured what the client adds
         * @param server whether its metrics are of this level alone
         */
        List<LevelWatch> of(LevelPlan plan, LoadPoint calibrated, boolean server) {
            List<LevelWatch> watches = new ArrayList<>();
            watches.add(calibration.watch(calibrated));
            if (server
                    && plan.balancer().filter(Balancer::perRequest).isEmpty()
                    && run.timetable().isEmpty()) {
                watches.add(servers.of(plan.point().workload().nim(), run.target(plan.point())));
            }
            watches.add(new ClientWatch());
            return watches;
        }
    }

    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        return watches.of(plan);
    }

    /** The progress is behind the line that users of the former script know, and look for at the start of a line. */
    @Override
    public Optional<String> opens(LevelPlan plan) {
        String progress = pace.opens(plans.indexOf(plan) + 1);
        return plan.announcement().map(line -> line + "   " + progress);
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        pace.closed();
        report.levelClosed(plan.point(), result, level -> whole(plan, result, level), log);
        if (result.samples().successes() == 0 || result.samples().findings().givenUp()) {
            comeback(plan).stopped();
        }
    }

    private LevelResults whole(LevelPlan plan, LoadPointResult result, LevelResults level) {
        Optional<Timetable> timetable = run.timetable();
        if (timetable.isEmpty()) {
            return level;
        }
        List<Window> all = windows.computeIfAbsent(plan.point(), first -> new ArrayList<>());
        Optional.ofNullable(opened.get(plan)).ifPresent(open -> {
            Duration late = Duration.between(timetable.get().opens(number(plan)), open);
            all.add(new Window(
                    plan.series().orElseThrow(),
                    open,
                    open.plusNanos(result.samples().windowNanos()),
                    late.toNanos() / MICROS_NANOS / 1e3));
            if (late.compareTo(timetable.get().window().dividedBy(MUCH)) > 0) {
                host.out()
                        .println(
                                "  this generator was " + late.toMillis() + " ms late; the others did not wait for it");
            }
        });
        return level.asPartOf(
                plan.point(),
                Generator.of(
                        run.settings().requests().share().number(),
                        host.name(),
                        all,
                        run.settings().timing().start().flatMap(Settings.Start::clock),
                        level));
    }

    private int number(LevelPlan plan) {
        return run.number(plan.point(), plan.series().orElseThrow());
    }

    /** Of several generators: until the instant at which all of them open their windows. */
    @Override
    public Function<Duration, BooleanSupplier> warmUp(LevelPlan plan) {
        return run.timetable()
                .<Function<Duration, BooleanSupplier>>map(timetable -> patience -> () -> {
                    Instant now = host.clock().instant();
                    if (now.isBefore(timetable.opens(number(plan)))) {
                        return true;
                    }
                    opened.putIfAbsent(plan, now);
                    return false;
                })
                .orElseGet(() -> Phase.super.warmUp(plan));
    }

    @Override
    public boolean reported() {
        return true;
    }

    @Override
    public boolean awaits(LevelPlan plan) {
        return comeback(plan).awaited()
                || run.timetable()
                        .map(timetable -> timetable.begins(number(plan)))
                        .filter(begins -> isAhead(plan, begins))
                        .isPresent();
    }

    private boolean isAhead(LevelPlan plan, Instant begins) {
        Instant now = host.clock().instant();
        boolean ahead = now.isBefore(begins);
        if (ahead && plan.equals(plans.get(0)) && !waits.getAndSet(true)) {
            host.out()
                    .println("waits for nim.startAt="
                            + run.timetable().orElseThrow().startAt() + ": its first level begins in "
                            + Duration.between(now, begins).toSeconds() + " s");
        }
        return ahead;
    }

    @Override
    public boolean abandoned(LevelPlan plan) {
        return comeback(plan).givenUp() || missed.computeIfAbsent(plan, this::comesTooLateFor);
    }

    private boolean comesTooLateFor(LevelPlan plan) {
        Instant now = host.clock().instant();
        boolean late = run.timetable()
                .filter(timetable -> timetable.missed(number(plan), now))
                .isPresent();
        if (late) {
            host.out()
                    .println("left out " + plan.name() + ": it is " + now + ", and the other generators have measured"
                            + " it; give a later nim.startAt, the same for all");
        }
        return late;
    }
}
