package nimload.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import nimload.measure.AddedTime;
import nimload.measure.CompilerWatch;
import nimload.measure.LoadPointResult;
import nimload.measure.RequestLog;

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

    /** Decides when the window of a level has what it is to measure; empty: when it is as long as planned. */
    default Optional<Judge> judge(LevelPlan plan) {
        return Optional.empty();
    }

    /** Cuts the window of an open level into slices; empty: it is not cut. */
    default Optional<SliceRecorders> slices(LevelPlan plan) {
        return Optional.empty();
    }

    /**
     * Called before the first request of a level.
     *
     * @return the line to print
     */
    default Optional<String> opens(LevelPlan plan) {
        return plan.announcement();
    }

    /**
     * Called when the last answer of a level is checked.
     *
     * @param log its counted requests
     */
    void closed(LevelPlan plan, LoadPointResult result, RequestLog log);

    default boolean isLast(LevelPlan plan) {
        return plan.equals(plans().get(plans().size() - 1));
    }

    /** Whether Gatling's report shows the requests of its measurements. */
    default boolean reported() {
        return false;
    }

    /** Whether it shows the few that one user sends alone: it must show some request of a run. */
    default boolean reportsAlone() {
        return false;
    }

    /** Whether a level that is next does not start yet; asked again and again until it may, or is abandoned. */
    default boolean awaits(LevelPlan plan) {
        return false;
    }

    /** What makes the warm-up of a level last longer: whether it goes on, for a time that is given, since the warm-up began. */
    default Function<Duration, BooleanSupplier> warmUp(LevelPlan plan) {
        return patience -> new CompilerWatch(patience)::busy;
    }

    /** Whether a level that has not started is skipped. */
    default boolean abandoned(LevelPlan plan) {
        return false;
    }

    default List<Level> levels(Host host, RunThreads threads) {
        return plans().stream()
                .map(plan -> new Level(plan, this, host, threads, plan.users()))
                .toList();
    }
}
