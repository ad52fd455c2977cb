package nimload.deploy.diagnosis;

import java.util.Locale;

/**
 * Where a release stands.
 *
 * @param text the phase or the cause, with its figures
 * @param next what to do; empty if nothing has to be done
 */
public record Diagnosis(State state, String text, String next) {

    public enum State {
        READY,
        /** On its way: keep waiting. */
        PROGRESSING,
        /** Held up by something that may resolve itself. */
        BLOCKED,
        /** Waiting longer changes nothing. */
        FAILED
    }

    static Diagnosis ready(String text) {
        return new Diagnosis(State.READY, text, "");
    }

    static Diagnosis progressing(String text) {
        return new Diagnosis(State.PROGRESSING, text, "");
    }

    static Diagnosis blocked(String cause, String next) {
        return new Diagnosis(State.BLOCKED, cause, next);
    }

    static Diagnosis failed(String cause, String next) {
        return new Diagnosis(State.FAILED, cause, next);
    }

    /** The same cause where nobody tries again. */
    Diagnosis forGood() {
        String instruction = next.replaceFirst("^Waiting for ((?!\\. See)[^:])*: ", "");
        return failed(text, instruction.substring(0, 1).toUpperCase(Locale.ROOT) + instruction.substring(1));
    }

    /** One line: the cause, then the next step. */
    @Override
    public String toString() {
        return next.isEmpty() ? text : text + ". " + next;
    }
}
