package nimload.nim;

/** An answer that breaks the contract: not JSON, cut short, too few vectors, an index twice, a number that is none. */
public final class MalformedAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedAnswer(String what) {
        // Thousands may be thrown in a level against a broken server, and only the sentence is ever shown.
        super(what, null, false, false);
    }
}
