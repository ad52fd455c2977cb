package nimload.run;

/** What a run's process ends with, where nimload decides it: in a pod, and in what starts like one. */
public enum ExitCode {
    /** Every level ran, no request failed, every limit and comparison holds. */
    GOOD(0),
    /** A request failed, an answer was wrong, a limit or the comparison is broken, or levels are missing. */
    BROKEN(1),
    /** The run did not begin: a setting, a file or a NIM must be put right first. */
    NOT_BEGUN(2),
    /** Nothing is broken, but a level's numbers may not be quoted, and {@code nim.strict} asks for that. */
    NOT_QUOTABLE(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
