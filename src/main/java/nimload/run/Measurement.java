package nimload.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.run.LevelPlan.Times;

/**
 * The levels of the grid, once per repeat. After a level without a right answer, or one that was given up, its NIM is waited
 * for; if it does not come back, the other one's levels still run.
 *
 * @param comebacks of each NIM
 */
record Measurement(
        RunPlan run,
        List<LevelPlan> plans,
        Watches watches,
        RunReport report,
        Map<NimKind, Comeback> comebacks,
        Pace pace)
        implements Phase {
    static Measurement of(RunPlan run, Calibration calibration, RunReport report, PrintStream out) {
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
                        kind, new Comeback(kind.key(), run.patience(), question(run, kind), System::nanoTime, out)));
        Times times = run.times();
        Duration planned = times.warmUp().plus(times.measurement()).plus(times.comparison());
        return new Measurement(
                run,
                plans,
                Watches.of(run, calibration),
                report,
                comebacks,
                new Pace(plans.size(), planned, System::nanoTime));
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
         * A page behind a balancer is each time another server's, so it is not read. The client is watched innermost: users
         * whose loops wait while the server's page is read would seem late.
         */
        List<LevelWatch> of(LevelPlan plan) {
            return of(plan, plan.point(), true);
        }

        /**
         * @param calibrated the level for whose requests was measured what the client adds
         * @param server whether its metrics are of this level alone
         */
        List<LevelWatch> of(LevelPlan plan, LoadPoint calibrated, boolean server) {
            List<LevelWatch> watches = new ArrayList<>();
            watches.add(calibration.watch(calibrated));
            if (server && plan.balancer().filter(Balancer::perRequest).isEmpty()) {
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
        report.levelClosed(result, log);
        if (result.samples().successes() == 0 || result.samples().findings().givenUp()) {
            comeback(plan).stopped();
        }
    }

    @Override
    public boolean reported() {
        return true;
    }

    @Override
    public boolean awaits(LevelPlan plan) {
        return comeback(plan).awaited();
    }

    @Override
    public boolean abandoned(LevelPlan plan) {
        return comeback(plan).givenUp();
    }
}
