package nimload.run;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.plan.Share;
import nimload.preflight.Target;
import nimload.results.RunInfo;
import nimload.run.LevelPlan.Times;
import nimload.slo.Slo;

/**
 * What a run measures, known once its NIMs have answered.
 *
 * @param planned the levels that the settings ask for
 * @param taken those that the NIMs take
 * @param points the levels in order, each once; of several generators those in which this one has users
 * @param times of each measured level
 * @param slo the limits that concern these levels
 */
record RunPlan(
        Instructions instructions,
        Nims nims,
        List<LoadPoint> planned,
        List<LoadPoint> taken,
        List<LoadPoint> points,
        Times times,
        Slo slo) {
    private static final Duration EMBEDDED_DURATION = Duration.ofSeconds(5);
    private static final Duration EMBEDDED_WARM_UP = Duration.ofSeconds(1);
    private static final Duration REAL_DURATION = Duration.ofSeconds(30);
    private static final Duration REAL_WARM_UP = Duration.ofSeconds(5);

    /** A NIM that restarts with its model on disk is back within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A level that waits for samples takes as many times its duration at most. */
    private static final int LONGEST = 3;

    /** Generators that are started by hand do not wait longer for each other. */
    private static final Duration FURTHEST = Duration.ofHours(24);

    /** This part of a level's duration goes to comparing answers, after the window. */
    private static final int COMPARISON = 8;

    /** @throws UserError if the SLO does not fit the levels */
    static RunPlan of(Instructions instructions, Nims nims, List<LoadPoint> planned, List<LoadPoint> taken) {
        Settings settings = instructions.settings();
        Share share = settings.requests().share();
        if (share.several()
                && settings.nims().values().stream().allMatch(nim -> nim.urls().isEmpty())) {
            throw new UserError(
                    "nim.generator=" + share.text() + ": without an address each generator would load the NIM"
                            + " that is embedded in its own process, and nothing would add up; give all of them the same"
                            + " -Dnim.embedding.url=… or -Dnim.reranking.url=…, e.g. that of exec:java@emulator");
        }
        taken.stream()
                .filter(point -> !point.load().closed() && point.concurrency() < share.of())
                .findFirst()
                .ifPresent(point -> {
                    throw new UserError("nim.capacity.inFlight=" + point.concurrency() + " is fewer than the "
                            + share.of()
                            + " generators of nim.generator=" + share.text() + ", of which each keeps its part of the"
                            + " rate; give at least " + share.of() + ", or fewer generators");
                });
        List<LoadPoint> points = taken.stream()
                .filter(point -> share.users(point.concurrency()) > 0)
                .toList();
        if (points.isEmpty()) {
            throw new UserError("nim.generator=" + share.text() + ": no level has a user for this generator; give fewer"
                    + " generators or a higher concurrency");
        }
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
        Duration warmUp = timing.warmUp().orElse(emulated ? EMBEDDED_WARM_UP : REAL_WARM_UP);
        Times times = new Times(
                warmUp,
                duration,
                timing.until().longest().orElse(duration.multipliedBy(LONGEST)),
                timing.until().samples(),
                timing.until().precision(),
                duration.dividedBy(COMPARISON),
                timing.requestTimeout());
        if (share.several()) {
            // One that waits for its own samples would measure on when the others have gone.
            times = new Times(
                    warmUp, duration, duration, 0, OptionalDouble.empty(), times.comparison(), times.requestTimeout());
        }
        return new RunPlan(
                instructions,
                nims,
                planned,
                taken,
                points,
                times,
                instructions.slo().forRun(points));
    }

    /** The same requests by users who wait for their answers, for what comes before the levels. */
    List<LoadPoint> closedPoints() {
        return points.stream().map(LoadPoint::closed).distinct().toList();
    }

    Settings settings() {
        return instructions.settings();
    }

    /** What is in force, by name, given or not. */
    Map<String, String> effective() {
        Map<String, String> effective = new LinkedHashMap<>(instructions.effective());
        if (settings().requests().share().several()) {
            effective.put(RunInfo.LEVELS_OF_ALL, Integer.toString(taken.size()));
        }
        return effective;
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

    /** What this generator does of each level, as levels. */
    List<LoadPoint> parts() {
        Share share = settings().requests().share();
        return closedPoints().stream()
                .map(point -> point.atConcurrency(Math.max(1, share.users(point.concurrency()))))
                .distinct()
                .toList();
    }

    /** Of several generators; empty for the only one. */
    Optional<Timetable> timetable() {
        return settings().timing().start().map(start -> Timetable.of(start.at(), times));
    }

    /**
     * Of several generators.
     *
     * @throws UserError if no level of this one is still to come, or all are so far away that the date must be wrong
     */
    void requireStartAhead(Instant now) {
        timetable().ifPresent(timetable -> {
            int last = number(points.get(points.size() - 1), repeats());
            String problem = timetable.missed(last, now)
                    ? " is too long ago: the last window ended at " + timetable.closes(last)
                    : now.plus(FURTHEST).isBefore(timetable.startAt())
                            ? " is more than " + FURTHEST.toHours() + " h ahead"
                            : "";
            if (!problem.isEmpty()) {
                throw new UserError("nim.startAt=" + timetable.startAt() + problem + ", and it is " + now
                        + "; give all generators the same, some minutes from now (date -u +%FT%TZ)");
            }
        });
    }

    /** Number of a level in the timetable, from 0: it counts the levels that others run without this generator too. */
    int number(LoadPoint point, int repeat) {
        return (repeat - 1) * planned.size() + planned.indexOf(point);
    }

    int repeats() {
        return settings().phases().repeat();
    }
}
