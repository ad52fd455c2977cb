package nimload.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.preflight.Target;
import nimload.run.LevelPlan.Times;
import nimload.slo.Slo;

/**
 * What a run measures, known once its NIMs have answered.
 *
 * @param points the levels in order, each once
 * @param times of each measured level
 * @param slo the limits that concern these levels
 */
record RunPlan(Instructions instructions, Nims nims, List<LoadPoint> points, Times times, Slo slo) {
    private static final Duration EMBEDDED_DURATION = Duration.ofSeconds(5);
    private static final Duration EMBEDDED_WARM_UP = Duration.ofSeconds(1);
    private static final Duration REAL_DURATION = Duration.ofSeconds(30);
    private static final Duration REAL_WARM_UP = Duration.ofSeconds(5);

    /** A NIM that restarts with its model on disk is back within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A level that waits for samples takes as many times its duration at most. */
    private static final int LONGEST = 3;

    /** This part of a level's duration goes to comparing answers, after the window. */
    private static final int COMPARISON = 8;

    /** @throws UserError if the SLO does not fit the levels */
    static RunPlan of(Instructions instructions, Nims nims, List<LoadPoint> points) {
        Settings settings = instructions.settings();
        Settings.Timing timing = settings.timing();
        boolean emulated = nims.emulated();
        Duration duration = timing.duration().orElse(emulated ? EMBEDDED_DURATION : REAL_DURATION);
        if (timing.until()
                .longest()
                .filter(longest -> longest.compareTo(duration) < 0)
                .isPresent()) {
            throw new UserError(
                    "nim.maxDuration=" + timing.until().longest().get().toMillis() + "ms is shorter than nim.duration, "
                            + duration.toMillis() + " ms; give both, or a longer one");
        }
        Times times = new Times(
                timing.warmUp().orElse(emulated ? EMBEDDED_WARM_UP : REAL_WARM_UP),
                duration,
                timing.until().longest().orElse(duration.multipliedBy(LONGEST)),
                timing.until().samples(),
                timing.until().precision(),
                duration.dividedBy(COMPARISON),
                timing.requestTimeout());
        return new RunPlan(instructions, nims, points, times, instructions.slo().forRun(points));
    }

    /** The same requests by users who wait for their answers, for what comes before the levels. */
    List<LoadPoint> closedPoints() {
        return points.stream().map(LoadPoint::closed).distinct().toList();
    }

    Settings settings() {
        return instructions.settings();
    }

    /** The NIM that serves a level. */
    Target target(LoadPoint point) {
        return nims.targets().get(point.workload().nim());
    }

    /** In front of it, if several servers share its address. */
    Optional<Balancer> balancer(LoadPoint point) {
        return Optional.ofNullable(nims.balancers().get(point.workload().nim()));
    }

    /** With a NIM that stops answering in the run. */
    Duration patience() {
        return settings().timing().patience().orElse(PATIENCE);
    }

    int repeats() {
        return settings().phases().repeat();
    }
}
