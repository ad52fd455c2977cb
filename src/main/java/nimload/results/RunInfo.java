package nimload.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.nim.NimKind;
import nimload.plan.Remarks;

/**
 * What a run was made with, known before its first level.
 *
 * @param tool that measured: {@code nimload}, {@code genai-perf} or {@code aiperf}, with its version where known
 * @param id name of its directory, {@code yyyyMMdd-HHmmss}
 * @param levelsPlanned how many levels the run is to have
 * @param emulated whether any target is nimload's emulator: then no number is one of NVIDIA's software
 * @param targets by the NIM's kind, {@code embedding} and {@code reranking}
 * @param durationSeconds measured part of each level
 * @param warmUpSeconds before it
 * @param repeats how often each level is to run
 * @param settings what the user gave, by name
 * @param effective what is in force, by name, given or not
 * @param client the load generator: Java, cores, operating system
 * @param notes what a reader must know, a sentence each
 */
public record RunInfo(
        String tool,
        @JsonProperty("run") String id,
        Instant started,
        int levelsPlanned,
        boolean emulated,
        Map<String, TargetResults> targets,
        OptionalDouble durationSeconds,
        OptionalDouble warmUpSeconds,
        int repeats,
        Map<String, String> settings,
        Map<String, String> effective,
        Map<String, String> client,
        List<String> notes) {

    /** In {@code effective}: which of several generators this is, {@code 2/8}; absent for the only one. */
    public static final String GENERATOR = "generator";

    /** In {@code effective} of one of several generators: how many levels all of them run, also those that it sits out. */
    public static final String LEVELS_OF_ALL = "levelsOfAll";

    public RunInfo {
        tool = tool == null ? "nimload" : tool;
        repeats = repeats == 0 ? 1 : repeats;
        targets = targets == null ? Map.of() : Map.copyOf(targets);
        settings = settings == null ? Map.of() : Map.copyOf(settings);
        effective = effective == null ? Map.of() : Map.copyOf(effective);
        client = client == null ? Map.of() : Map.copyOf(client);
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /** The same run, once more is known of its levels. */
    public RunInfo withLevelsPlanned(int levels) {
        return new RunInfo(
                tool,
                id,
                started,
                levels,
                emulated,
                targets,
                durationSeconds,
                warmUpSeconds,
                repeats,
                settings,
                effective,
                client,
                notes);
    }

    /** The same run, whose levels measure for another time. */
    public RunInfo measuring(double seconds) {
        return measuring(OptionalDouble.of(seconds), warmUpSeconds);
    }

    /** The same run, whose levels measure as long as each needs. */
    public RunInfo measuringAsLongAsNeeded() {
        return measuring(OptionalDouble.empty(), OptionalDouble.empty());
    }

    private RunInfo measuring(OptionalDouble duration, OptionalDouble warmUp) {
        return new RunInfo(
                tool,
                id,
                started,
                levelsPlanned,
                emulated,
                targets,
                duration,
                warmUp,
                repeats,
                settings,
                effective,
                client,
                notes);
    }

    /** The same run, as one that began earlier and goes on. */
    public RunInfo continued(Instant began, String note) {
        return new RunInfo(
                tool,
                id,
                began,
                levelsPlanned,
                emulated,
                targets,
                durationSeconds,
                warmUpSeconds,
                repeats,
                settings,
                effective,
                client,
                Stream.concat(notes.stream(), Stream.of(note)).toList());
    }

    /** What the user said about the run. */
    public Remarks remarks() {
        return Remarks.of(settings);
    }

    /** GPUs that serve a kind of NIM: as the user says; else one per replica that nimload was given. */
    public int gpus(NimKind kind) {
        return Optional.ofNullable(remarks().gpus().get(kind))
                .orElseGet(() -> Optional.ofNullable(targets.get(kind.key()))
                        .map(target -> Math.max(1, target.replicas().size()))
                        .orElse(1));
    }

    /** What answered in a NIM's place, as it calls itself; empty if none of the targets was nimload's emulator. */
    public Optional<String> standIn() {
        if (!emulated) {
            return Optional.empty();
        }
        String names = targets.values().stream()
                .filter(TargetResults::emulated)
                .flatMap(target -> Stream.ofNullable(target.about().get("emulator")))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
        return Optional.of(names.isEmpty() ? "embedded NIM" : names);
    }

    /** Whether another tool measured, and nimload has only read its files. */
    public boolean imported() {
        return !tool.startsWith("nimload");
    }
}
