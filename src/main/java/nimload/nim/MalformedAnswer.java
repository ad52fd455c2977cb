package nimload.nim;

/** An answer that breaks the contract: not JSON, cut short, too few vectors, a repeated index, not a number. */
public final class MalformedAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedAnswer(String what) {
        // A broken server may cause thousands per level, and only the message is ever shown.
        super(what, null, false, false);
    }
}
