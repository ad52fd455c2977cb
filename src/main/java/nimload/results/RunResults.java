package nimload.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run, complete or as far as it got.
 *
 * @param schema version of this format; files of version 1 do not say it
 * @param tool that measured: {@code nimload}, {@code genai-perf} or {@code aiperf}, with its version where known
 * @param run name of its directory, {@code yyyyMMdd-HHmmss}
 * @param complete whether all planned levels are here, each with all its repeats
 * @param emulated whether any target was nimload's emulator: then no number is one of NVIDIA's software
 * @param targets by the NIM's kind, {@code embedding} and {@code reranking}
 * @param durationSeconds measured part of each level
 * @param warmUpSeconds before it
 * @param repeats of each level that were asked for
 * @param settings what the user gave, by name
 * @param effective what was in force, by name, given or not
 * @param client the load generator: Java, cores, operating system
 * @param notes what a reader must know, a sentence each
 * @param slo empty where none was given
 */
public record RunResults(
        int schema,
        String tool,
        String run,
        Instant started,
        boolean complete,
        int levelsPlanned,
        boolean emulated,
        Map<String, TargetResults> targets,
        OptionalDouble durationSeconds,
        OptionalDouble warmUpSeconds,
        int repeats,
        Map<String, String> settings,
        Map<String, String> effective,
        Map<String, String> client,
        List<String> notes,
        List<LevelResults> levels,
        Optional<SloSummary> slo) {
    /** The version that this program writes. */
    public static final int SCHEMA = 2;

    public RunResults {
        schema = schema == 0 ? 1 : schema;
        tool = tool == null ? "nimload" : tool;
        repeats = repeats == 0 ? 1 : repeats;
        targets = targets == null ? Map.of() : Map.copyOf(targets);
        settings = settings == null ? Map.of() : Map.copyOf(settings);
        effective = effective == null ? Map.of() : Map.copyOf(effective);
        client = client == null ? Map.of() : Map.copyOf(client);
        notes = notes == null ? List.of() : List.copyOf(notes);
        levels = levels == null ? List.of() : List.copyOf(levels);
    }

    /** What a run lacks that is not complete, in a phrase; empty for one that is. */
    public Optional<String> gap() {
        if (complete) {
            return Optional.empty();
        }
        return Optional.of(
                levels.isEmpty() || levels.size() < levelsPlanned
                        ? levels.size() + " of " + levelsPlanned + " levels have results"
                        : "levels lack repeats, or were broken off");
    }

    /** Whether another tool measured, and nimload has only read its files. */
    @JsonIgnore
    public boolean imported() {
        return !tool.startsWith("nimload");
    }

    /** The same run, its levels held against an SLO. */
    public RunResults withSlo(List<LevelResults> judged, SloSummary summary) {
        return new RunResults(
                schema,
                tool,
                run,
                started,
                complete,
                levelsPlanned,
                emulated,
                targets,
                durationSeconds,
                warmUpSeconds,
                repeats,
                settings,
                effective,
                client,
                notes,
                judged,
                Optional.of(summary));
    }
}
