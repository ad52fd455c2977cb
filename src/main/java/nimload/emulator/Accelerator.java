package nimload.emulator;

/** What turns work into answers after some time. */
interface Accelerator {

    /**
     * Takes work; called on the server's event loop.
     *
     * @param items texts or pairs, at least 1
     * @param tokens of all items
     * @param arrivedNanos when the request was complete, on the clock of {@link System#nanoTime()}
     * @param answer called on the event loop as soon as the work is done
     */
    void submit(int items, long tokens, long arrivedNanos, Answer answer);

    /** Work that was submitted and is not done. */
    int pending();

    /** Receives the end of the work. */
    @FunctionalInterface
    interface Answer {

        /**
         * @param queueNanos from submission to the start of the batch
         * @param computeNanos of the batch
         * @param requestsInBatch that shared it
         */
        void done(long queueNanos, long computeNanos, int requestsInBatch);
    }
}
