package nimload.nim;

/** An answer that breaks the contract: not JSON, cut short, too few vectors, a repeated index, not a number. */
public final class MalformedAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean brokenOff;

    public MalformedAnswer(String what) {
        this(what, false);
    }

    private MalformedAnswer(String what, boolean brokenOff) {
        // A broken server may cause thousands per level, and only the message is ever shown.
        super(what, null, false, false);
        this.brokenOff = brokenOff;
    }

    static MalformedAnswer brokenOff(String what) {
        return new MalformedAnswer(what, true);
    }

    /** Whether the JSON only ended too early, so that a right answer may have begun like this. */
    public boolean brokenOff() {
        return brokenOff;
    }
}
