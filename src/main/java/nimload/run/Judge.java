package nimload.run;

/** Watches the counted requests of an open level, and decides when they have shown what they are to show. Safe for many threads. */
public interface Judge {
    /**
     * @param intendedSeconds after the window opened, when a counted request was to be sent
     * @param outstanding counted requests that are not answered, this one included
     */
    void arrived(double intendedSeconds, int outstanding);

    /**
     * @param intendedSeconds after the window opened, when the request was to be sent
     * @param responseMillis from then until the last byte or the failure
     * @param right whether the answer was right
     */
    void ended(double intendedSeconds, double responseMillis, boolean right);

    /** Whether more requests would not change what is decided. */
    boolean decided();

    /** Whether the target has broken down, so that nothing more is to be sent to it. */
    boolean collapsed();
}
