package nimload.exports;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import nimload.results.LevelResults;
import nimload.results.Repeat;
import nimload.results.RunInfo;

/**
 * What AIPerf's layout has no place for, in a file that nimload exported: its field {@code nimload}, which other readers pass
 * over.
 *
 * @param tool that measured
 * @param run name of the run's directory
 * @param started when the run did
 * @param emulated whether nimload's emulator answered
 * @param reasons why the level's numbers should not be quoted, a phrase each; empty if they may
 * @param failures those of the reasons that fail the run
 * @param remarks what a reader should know although it is no reason against them, a phrase each
 * @param repeats the level's numbers are those of all of them together
 * @param during what else went on, as in {@link nimload.plan.LoadPoint}; empty for a level that ran alone
 */
public record Provenance(
        String tool,
        String run,
        Instant started,
        boolean emulated,
        List<String> reasons,
        List<String> failures,
        List<String> remarks,
        List<Repeat> repeats,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String during) {
    /** Its name in the file. */
    public static final String FIELD = "nimload";

    public Provenance {
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        failures = failures == null ? List.of() : List.copyOf(failures);
        remarks = remarks == null ? List.of() : List.copyOf(remarks);
        repeats = repeats == null ? List.of() : List.copyOf(repeats);
        during = during == null ? "" : during;
    }

    static Provenance of(RunInfo run, LevelResults level) {
        return new Provenance(
                run.tool(),
                run.id(),
                run.started(),
                run.emulated(),
                level.validity().reasons(),
                level.validity().failures(),
                level.validity().remarks(),
                level.course().repeats(),
                level.point().during());
    }
}
