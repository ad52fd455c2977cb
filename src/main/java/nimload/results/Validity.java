package nimload.results;

import java.util.List;

/**
 * Whether a level's numbers may be quoted.
 *
 * @param reasons why not, a phrase each
 * @param remarks what a reader should know although it is no reason against them, a phrase each
 */
public record Validity(boolean valid, List<String> reasons, List<String> remarks) {

    public Validity {
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        remarks = remarks == null ? List.of() : List.copyOf(remarks);
    }

    /** Valid without a reason against it. */
    public static Validity of(List<String> reasons, List<String> remarks) {
        return new Validity(reasons.isEmpty(), reasons, remarks);
    }

    public static Validity of(List<String> reasons) {
        return of(reasons, List.of());
    }
}
