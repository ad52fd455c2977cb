package nimload.run;

import java.util.List;

/**
 * Something that a run must hold so as not to fail.
 *
 * @param name known before the run; a row and an assertion of Gatling's report
 * @param problems why it does not hold, one line each; empty where it does
 */
public record Requirement(String name, List<String> problems) {
    /** Whose verdict it is, and the requirement that is not a limit of the user's: every level ran and was answered rightly. */
    public static final String NIMLOAD = "nimload";
}
