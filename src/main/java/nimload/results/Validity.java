package nimload.results;

import java.util.List;

/**
 * Whether a level's numbers may be quoted.
 *
 * @param reasons why not, a phrase each
 */
public record Validity(boolean valid, List<String> reasons) {

    public Validity {
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
    }

    /** Valid without a reason against it. */
    public static Validity of(List<String> reasons) {
        return new Validity(reasons.isEmpty(), reasons);
    }
}
