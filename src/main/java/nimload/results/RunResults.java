package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import nimload.plan.LoadPoint;

/**
 * A run, complete or as far as it got.
 *
 * @param schema version of this format; files of version 1 do not say it
 * @param complete whether all planned levels are here, each with all its repeats
 * @param slo empty where none was given
 * @param capacity what searches found; empty for other runs
 * @param pipeline what searches of a retrieval pipeline took; empty for other runs
 * @param soak of a soak; empty for other runs
 */
public record RunResults(
        int schema,
        @JsonUnwrapped RunInfo info,
        boolean complete,
        List<LevelResults> levels,
        Optional<SloSummary> slo,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Capacity> capacity,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Pipeline> pipeline,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Soak> soak) {
    /** The version that this program writes. */
    public static final int SCHEMA = 2;

    public RunResults {
        schema = schema == 0 ? 1 : schema;
        levels = levels == null ? List.of() : List.copyOf(levels);
        capacity = capacity == null ? List.of() : List.copyOf(capacity);
        pipeline = pipeline == null ? Optional.empty() : pipeline;
        soak = soak == null ? Optional.empty() : soak;
    }

    /** Without searches. */
    public RunResults(int schema, RunInfo info, boolean complete, List<LevelResults> levels, Optional<SloSummary> slo) {
        this(schema, info, complete, levels, slo, List.of(), Optional.empty(), Optional.empty());
    }

    /** @param levels in the order of the plan; one that ran several times is one */
    public static RunResults of(RunInfo info, List<LevelResults> levels) {
        // A search may try a load more than once.
        boolean complete = levels.size() == info.levelsPlanned()
                && levels.stream().allMatch(level -> level.course().repeats().size() >= info.repeats());
        return new RunResults(SCHEMA, info, complete, levels, Optional.empty());
    }

    /** What a run lacks that is not complete, in a phrase; empty for one that is. */
    public Optional<String> gap() {
        if (complete) {
            return Optional.empty();
        }
        return Optional.of(
                levels.isEmpty() || levels.size() < info.levelsPlanned()
                        ? levels.size() + " of " + info.levelsPlanned() + " levels have results"
                        : "levels lack repeats, or were broken off");
    }

    /** The search that this level is a step of. */
    public Optional<Capacity> search(LoadPoint level) {
        return capacity.stream().filter(search -> search.covers(level)).findFirst();
    }

    /** The same run, its levels held against an SLO. */
    public RunResults withSlo(List<LevelResults> judged, SloSummary summary) {
        return new RunResults(schema, info, complete, judged, Optional.of(summary), capacity, pipeline, soak);
    }

    /** The same run with what its searches found. */
    public RunResults withCapacity(List<Capacity> found) {
        return new RunResults(schema, info, complete, levels, slo, found, pipeline, soak);
    }

    /** The same run with what its searches of a retrieval pipeline took. */
    public RunResults withPipeline(Optional<Pipeline> searched) {
        return new RunResults(schema, info, complete, levels, slo, capacity, searched, soak);
    }

    /** The same run as a soak. */
    public RunResults withSoak(Optional<Soak> ran) {
        return new RunResults(schema, info, complete, levels, slo, capacity, pipeline, ran);
    }
}
