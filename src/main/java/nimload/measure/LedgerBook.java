package nimload.measure;

import nimload.results.Ledger;

/** Takes the entries of a level's ledger. Safe for many threads. */
public final class LedgerBook {
    private long sent;
    private long notSent;
    private long right;
    private long failed;
    private long sentAgain;

    public synchronized void sent() {
        sent++;
    }

    public synchronized void sentAgain() {
        sentAgain++;
    }

    /** @param wasSent whether it was written at all */
    public synchronized void ended(boolean wasSent, boolean isRight) {
        notSent += wasSent ? 0 : 1;
        right += isRight ? 1 : 0;
        failed += isRight ? 0 : 1;
    }

    public synchronized Ledger ledger() {
        return new Ledger(sent, notSent, right, failed, sentAgain);
    }
}
