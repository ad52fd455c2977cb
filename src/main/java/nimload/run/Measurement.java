package nimload.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nimload.UserError;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.nim.NimKind;
import nimload.nim.WireForm;
import nimload.plan.LoadPoint;
import nimload.preflight.NimClient;
import nimload.preflight.Target;
import nimload.run.Body.Arrangement;
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
        Calibration calibration,
        ServerWatches servers,
        RunReport report,
        Map<NimKind, Comeback> comebacks,
        Pace pace)
        implements Phase {
    /** Bodies that no level sends. */
    private static final int COMEBACK_SERIES = 0;

    private static final Duration ONE_ANSWER = Duration.ofSeconds(5);

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
        ServerWatches servers = ServerWatches.of(run.settings(), run.times().measurement());
        Map<NimKind, Comeback> comebacks = new EnumMap<>(NimKind.class);
        run.nims()
                .targets()
                .forEach((kind, target) -> comebacks.put(
                        kind, new Comeback(kind.key(), run.patience(), question(run, kind), System::nanoTime, out)));
        Times times = run.times();
        Duration planned = times.warmUp().plus(times.measurement()).plus(times.comparison());
        return new Measurement(
                run, plans, calibration, servers, report, comebacks, new Pace(plans.size(), planned, System::nanoTime));
    }

    /** With the smallest request of the run. */
    private static Comeback.Question question(RunPlan run, NimKind kind) {
        NimClient client = Nims.client(run.settings(), kind);
        WireForm form = run.settings().requests().form(kind);
        LoadPoint smallest = Nims.smallest(run.points(), kind);
        RequestFactory requests = run.nims().requests().get(smallest.workload());
        Target target = run.target(smallest);
        AnswerCheck check = new AnswerCheck(
                form,
                ExpectedAnswer.of(target, run.settings().requests().embedding()),
                run.settings().headers(kind),
                smallest.texts().isPresent());
        return () -> {
            Body body = requests.body(smallest, COMEBACK_SERIES, 0, Arrangement.WHOLE);
            return target.replicas().stream().allMatch(replica -> {
                try {
                    NimClient.Answer answer = client.post(replica, form.route(), body.bytes(), ONE_ANSWER);
                    return check.of(answer.status(), true, answer.body(), body.items(), true)
                            .right();
                } catch (UserError e) {
                    return false;
                }
            });
        };
    }

    private Comeback comeback(LevelPlan plan) {
        return comebacks.get(plan.point().workload().nim());
    }

    /**
     * A page behind a balancer is each time another server's, so it is not read. The client is watched innermost: users whose loops wait while the server's page is read would seem late.
     */
    @Override
    public List<LevelWatch> watches(LevelPlan plan) {
        NimKind kind = plan.point().workload().nim();
        List<LevelWatch> watches = new ArrayList<>();
        watches.add(calibration.watch(plan.point()));
        if (plan.balancer().filter(Balancer::perRequest).isEmpty()) {
            watches.add(servers.of(kind, run.target(plan.point())));
        }
        watches.add(new ClientWatch());
        return watches;
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
