package nimload.emulator;

/** Models how long work takes: it accepts work and reports the end of it. */
interface Accelerator {

    /**
     * Accepts work. Call it on the server's event loop.
     *
     * @param items texts or pairs, at least 1
     * @param tokens of all items together
     * @param arrivedNanos when the request was complete, on the clock of {@link System#nanoTime()}
     * @param answer runs on the event loop as soon as the work is done
     */
    void submit(int items, long tokens, long arrivedNanos, Answer answer);

    /** Requests that were submitted and are not done. */
    int pending();

    /** Those of them that wait for others. */
    int waiting();

    /** Learns that the work is done. */
    @FunctionalInterface
    interface Answer {

        /**
         * @param queueNanos from submission to the start of the batch
         * @param computeNanos that the batch took
         * @param requestsInBatch that shared the batch
         */
        void done(long queueNanos, long computeNanos, int requestsInBatch);
    }
}
