package nimload.run;

import java.util.List;
import java.util.Optional;
import nimload.measure.AddedTime;
import nimload.measure.LoadPointResult;

/** A part of a run: levels one after another, what is observed during each, and what is done as one closes. */
interface Phase {
    /** In the order in which they run. */
    List<LevelPlan> plans();

    /** Outermost first. */
    default List<LevelWatch> watches(LevelPlan plan) {
        return List.of();
    }

    /** Where the server's own time of each request is recorded; empty if the server does not send it. */
    default Optional<AddedTime> added(LevelPlan plan) {
        return Optional.empty();
    }

    /** Called when the last answer of a level is checked. */
    void closed(LevelPlan plan, LoadPointResult result);

    default boolean isLast(LevelPlan plan) {
        return plan.equals(plans().get(plans().size() - 1));
    }

    /** Whether Gatling's report shows the requests of its measurements. */
    default boolean reported() {
        return false;
    }

    /** Whether the levels that have not started are skipped. */
    default boolean abandoned() {
        return false;
    }

    default List<Level> levels(Host host, RunThreads threads) {
        return plans().stream().map(plan -> new Level(plan, this, host, threads)).toList();
    }
}
