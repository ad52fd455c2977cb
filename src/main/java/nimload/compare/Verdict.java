package nimload.compare;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a comparison says of a number or of a level, the run against the baseline. */
public enum Verdict {
    /** The whole 95 % interval of the ratio lies on the better side of 1. */
    FASTER("faster"),
    /** The whole interval lies on the worse side of 1. */
    SLOWER("slower"),
    /** Of a level only: p50 and requests a second say the opposite of one another. */
    MIXED("mixed"),
    /** The interval holds 1. That does not say that nothing differs. */
    NO_DIFFERENCE("no difference shown"),
    /** The side of the interval that would have to leave 1 behind could not be bounded. */
    TOO_FEW_SAMPLES("no difference shown (too few samples)"),
    /** Of a level only: the baseline has numbers, and no request of the run succeeded. */
    NO_RIGHT_ANSWER("no right answer in the run"),
    /** One of the two has no interval, as files of other tools have none. */
    NOT_JUDGED("no interval: not judged");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    @JsonValue
    public String words() {
        return words;
    }
}
