package nimload.measure;

import org.HdrHistogram.Histogram;

/** Takes the outcomes of one replica's share of a level's requests, as {@link LevelRecorder} takes all. Safe for many threads. */
public final class ReplicaRecorder {
    /** As many as all requests' latencies have. */
    private static final int DIGITS = 5;

    private final String url;
    private final int users;
    private final LedgerBook ledger = new LedgerBook();
    private final InFlight inFlight = new InFlight();
    private final Histogram latencyMicros = new Histogram(DIGITS);
    private long errors;

    /**
     * @param url of the replica
     * @param users that send to it
     */
    public ReplicaRecorder(String url, int users) {
        this.url = url;
        this.users = users;
    }

    public LedgerBook ledger() {
        return ledger;
    }

    public synchronized void open(long nanos) {
        inFlight.open(nanos);
    }

    public synchronized void close(long nanos) {
        inFlight.close(nanos);
    }

    /** A request has ended, counted or not, right or not. */
    public synchronized void ended(long sentNanos, long endNanos) {
        inFlight.ended(sentNanos, endNanos);
    }

    /** A right answer to a counted request. */
    public synchronized void success(long nanos) {
        latencyMicros.recordValue((nanos + 500) / 1000);
    }

    /** A counted request that failed. */
    public synchronized void failure() {
        errors++;
    }

    public synchronized ReplicaSamples samples() {
        return new ReplicaSamples(
                url,
                users,
                LevelSamples.packed(latencyMicros),
                errors,
                inFlight.nanosSum(),
                inFlight.windowNanos(),
                ledger.ledger());
    }
}
