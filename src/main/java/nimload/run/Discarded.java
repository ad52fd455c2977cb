package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;
import nimload.plan.LoadPoint;
import nimload.run.LevelPlan.Times;

/**
 * The first level of each NIM once before it counts, since the first of a run is slower than the same level later: the
 * client's code for just this target is compiled in it, and the target leaves its sleep. Its numbers are thrown away.
 */
record Discarded(List<LevelPlan> plans) implements Phase {
    private static final Duration LONGEST = Duration.ofMillis(800);

    /** Bodies that no measured level sends. */
    private static final int SERIES = -1;

    static Discarded of(RunPlan run) {
        List<LevelPlan> plans = new ArrayList<>();
        for (LoadPoint point : firstOfEachNim(run)) {
            Duration length = run.times().measurement().compareTo(LONGEST) < 0
                    ? run.times().measurement()
                    : LONGEST;
            plans.add(new LevelPlan(
                    "thrown away: " + point.name(),
                    Optional.of("First level of the " + point.workload().nim().key() + " NIM, to be thrown away: "
                            + point.description()),
                    point,
                    run.target(point).replicas(),
                    Optional.empty(),
                    OptionalInt.of(SERIES),
                    run.nims().requests().get(point.workload()),
                    ExpectedAnswer.of(
                            run.target(point), run.settings().requests().embedding()),
                    Times.fixed(run.times().warmUp(), length, run.times().requestTimeout()),
                    run.settings().headers(point.workload().nim())));
        }
        return new Discarded(plans);
    }

    private static List<LoadPoint> firstOfEachNim(RunPlan run) {
        return List.copyOf(run.closedPoints().stream()
                .collect(Collectors.toMap(
                        point -> point.workload().nim(), point -> point, (first, later) -> first, TreeMap::new))
                .values());
    }

    @Override
    public void closed(LevelPlan plan, LoadPointResult result, RequestLog log) {
        // Thrown away.
    }
}
