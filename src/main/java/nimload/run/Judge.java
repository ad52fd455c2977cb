package nimload.run;

/** Watches the counted requests of a level, and decides when they have shown what they are to show. Safe for many threads. */
public interface Judge {
    /** @param intendedNanos after the window opened, when a request of an open level was to be sent; each another time */
    void arrived(long intendedNanos);

    /**
     * @param intendedNanos after the window opened, when the request was to be sent; in a closed level when it was
     * @param endNanos of the last byte of its answer, or of its failure, after the window opened
     * @param right whether the answer was right
     */
    void ended(long intendedNanos, long endNanos, boolean right);

    /** Whether more requests would not change what is decided. */
    boolean decided();

    /** Whether the target has broken down, so that nothing more is to be sent to it. */
    boolean collapsed();
}
