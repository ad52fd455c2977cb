package nimload.results;

import java.util.Optional;

/** What a level's verdict rests on besides its numbers. Empty of a tool that does not report it. */
public record Evidence(
        Optional<Ledger> ledger, Optional<AnswersCompared> answers, Optional<Interruptions> interruptions) {
    public static final Evidence UNKNOWN = new Evidence(Optional.empty(), Optional.empty(), Optional.empty());
}
