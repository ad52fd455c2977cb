package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Whether a level's numbers may be quoted.
 *
 * @param reasons why not, a phrase each
 * @param failures those of the reasons that lie with the target or its answers, and so fail the run; empty in older files
 * @param remarks what a reader should know although it is no reason against them, a phrase each
 */
public record Validity(
        boolean valid,
        List<String> reasons,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> failures,
        List<String> remarks) {

    public Validity {
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        failures = failures == null ? List.of() : List.copyOf(failures);
        remarks = remarks == null ? List.of() : List.copyOf(remarks);
    }

    /** Valid without a reason against it. */
    public static Validity of(List<String> reasons, List<String> failures, List<String> remarks) {
        return new Validity(reasons.isEmpty(), reasons, failures, remarks);
    }

    public static Validity of(List<String> reasons) {
        return of(reasons, List.of(), List.of());
    }
}
