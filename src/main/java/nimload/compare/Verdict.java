package nimload.compare;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a comparison says about a number or a level: the run against the baseline. */
public enum Verdict {
    /** The whole 95 % interval of the ratio lies on the better side of 1. */
    FASTER("faster"),
    /** The whole interval lies on the worse side of 1. */
    SLOWER("slower"),
    /** Levels only: p50 and requests per second disagree. */
    MIXED("mixed"),
    /** The interval holds 1, which does not prove that nothing differs. */
    NO_DIFFERENCE("no difference shown"),
    /** Too few samples to bound the side of the interval that would have to clear 1. */
    TOO_FEW_SAMPLES("no difference shown (too few samples)"),
    /** Levels only: the baseline has numbers, but no request of the run succeeded. */
    NO_RIGHT_ANSWER("no right answer in the run"),
    /** At least one of the two has no interval. The files of other tools have none. */
    NOT_JUDGED("no interval: not judged");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** Whether a number with it changed beyond noise. */
    boolean shown() {
        return this == FASTER || this == SLOWER;
    }

    @JsonValue
    public String words() {
        return words;
    }
}
