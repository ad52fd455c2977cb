package nimload.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nimload.preflight.Target;

/**
 * What a run was made with, for the head of every report.
 *
 * @param tool nimload and its version
 * @param id name of its directory, {@code yyyyMMdd-HHmmss}
 * @param started when
 * @param targets by the NIM's kind, {@code embedding} and {@code reranking}
 * @param duration of the measured part of each level
 * @param warmUp before it
 * @param settings what the user gave, by name
 * @param effective what is in force, by name, given or not
 * @param client the load generator: Java, cores, operating system
 * @param notes what a reader must know, a sentence each
 * @param levelsPlanned how many levels the run is to have
 * @param repeats how often each of them is to run
 */
public record RunInfo(
        String tool,
        String id,
        Instant started,
        Map<String, Target> targets,
        Duration duration,
        Duration warmUp,
        Map<String, String> settings,
        Map<String, String> effective,
        Map<String, String> client,
        List<String> notes,
        int levelsPlanned,
        int repeats) {

    /** Whether any of the targets is nimload's emulator. */
    public boolean emulated() {
        return targets.values().stream().anyMatch(Target::emulated);
    }
}
