package nimload.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;
import nimload.preflight.Target;

/** The levels of the grid, once per repeat. A level without any right answer ends the run: those after it are skipped. */
record Measurement(
        RunPlan run,
        List<LevelPlan> plans,
        Calibration calibration,
        ServerWatches servers,
        RunReport report,
        AtomicBoolean hopeless)
        implements Phase {

    static Measurement of(RunPlan run, Calibration calibration, RunReport report) {
        List<LevelPlan> plans = new ArrayList<>();
        // The whole grid before it repeats, so that what changes with time affects every level alike.
        for (int repeat = 1; repeat <= run.repeats(); repeat++) {
            String suffix = run.repeats() == 1 ? "" : " (repeat " + repeat + " of " + run.repeats() + ")";
            for (LoadPoint point : run.points()) {
                plans.add(new LevelPlan(
                        point.name() + suffix,
                        Optional.of(point.announcement() + suffix),
                        point,
                        run.target(point).url(),
                        OptionalInt.of(repeat),
                        run.nims().requests().get(point.workload()),
                        ExpectedAnswer.of(run.target(point)),
                        run.times(),
                        run.settings().apiKey()));
            }
        }
        ServerWatches servers =
                new ServerWatches(Nims.client(run.settings()), run.times().measurement());
        return new Measurement(run, plans, calibration, servers, report, new AtomicBoolean());
    }

    /** The client is watched innermost: users whose loops wait while the server's page is read would seem late. */
    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        Target target = run.target(plan.point());
        return List.of(calibration.watch(plan.point()), servers.of(target), new ClientWatch());
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result) {
        report.levelClosed(result);
        if (result.samples().successes() == 0) {
            hopeless.set(true);
        }
    }

    @Override
    public boolean reported() {
        return true;
    }

    @Override
    public boolean abandoned() {
        return hopeless.get();
    }
}
