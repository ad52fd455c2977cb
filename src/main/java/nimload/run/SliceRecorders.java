package nimload.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import nimload.measure.Findings;
import nimload.measure.LedgerBook;
import nimload.measure.LevelRecorder;
import nimload.measure.LevelSamples;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;

/**
 * Cuts the window of an open level into slices of equal length while its load goes on. A request belongs to the slice in which
 * it was to be sent, so a slice is known when the last of its requests has ended, and slices end in their order. Safe for many
 * threads; times are of {@link System#nanoTime()}.
 */
final class SliceRecorders {
    /**
     * A slice whose requests have all ended.
     *
     * @param number from 0
     * @param openedNanos when it began
     * @param watches what was observed meanwhile
     */
    record Slice(int number, long openedNanos, LevelSamples samples, LevelWatches watches) {}

    private static final class Cut {
        final int number;
        final LevelRecorder recorder;
        final LedgerBook ledger = new LedgerBook();
        /** From its beginning on. */
        LevelWatches watches;

        long openedNanos;
        int underWay;
        boolean closed;
        /** Whether no more of its requests can come. */
        boolean full;

        Cut(int number, LevelRecorder recorder) {
            this.number = number;
            this.recorder = recorder;
        }

        LevelSamples samples() {
            return recorder.samples(ledger.ledger(), new Repeats().seen(), Findings.NONE);
        }
    }

    private final int count;
    private final long lengthNanos;
    private final IntFunction<LevelWatches> watches;
    private final Consumer<Slice> ended;
    /** In order; the last one may be open. */
    private final Deque<Cut> cuts = new ArrayDeque<>();

    private boolean open;

    /**
     * @param count of slices; the window is as long as all of them
     * @param stalledNanos for which this client has stood still
     * @param watches observe each slice, by its number; called as it begins, when all users are there
     * @param ended takes each slice, on the thread of a request: not to wait in it
     */
    SliceRecorders(
            int count,
            Duration length,
            LongSupplier stalledNanos,
            IntFunction<LevelWatches> watches,
            Consumer<Slice> ended) {
        this.count = count;
        this.lengthNanos = length.toNanos();
        this.watches = watches;
        this.ended = ended;
        cuts.add(new Cut(0, new LevelRecorder(length, stalledNanos, true)));
    }

    synchronized void windowOpens(long nanos) {
        open = true;
        opens(cuts.getLast(), nanos);
    }

    private void opens(Cut cut, long nanos) {
        cut.openedNanos = nanos;
        cut.watches = watches.apply(cut.number);
        cut.recorder.open(nanos);
        cut.watches.windowOpens();
    }

    /** The slice that is open at this time. */
    private void goOn(long nanos) {
        while (open && nanos - cuts.getLast().openedNanos >= lengthNanos) {
            Cut last = cuts.getLast();
            long end = last.openedNanos + lengthNanos;
            closes(last, end);
            if (last.number + 1 < count) {
                Cut next = new Cut(last.number + 1, last.recorder.next());
                opens(next, end);
                cuts.add(next);
            } else {
                open = false;
            }
        }
    }

    private static void closes(Cut cut, long nanos) {
        cut.recorder.close(nanos);
        cut.watches.windowCloses();
        cut.closed = true;
    }

    /** Nothing that is sent from now on counts. */
    synchronized void windowCloses(long nanos) {
        goOn(nanos);
        if (open) {
            closes(cuts.getLast(), nanos);
            open = false;
        }
        cuts.forEach(cut -> cut.full = true);
        handOver();
    }

    private Cut of(long intendedNanos) {
        for (Cut cut : cuts) {
            if (intendedNanos - cut.openedNanos < lengthNanos) {
                return cut;
            }
        }
        return cuts.getLast();
    }

    synchronized void arrived(long intendedNanos, int waiting) {
        goOn(intendedNanos);
        Cut cut = of(intendedNanos);
        cut.underWay++;
        cut.recorder.arrived(waiting);
        // Requests come in order.
        cuts.stream().filter(other -> other.number < cut.number).forEach(earlier -> earlier.full = true);
        handOver();
    }

    synchronized void notSent(long intendedNanos) {
        Cut cut = of(intendedNanos);
        cut.recorder.notSent();
        cut.underWay--;
        handOver();
    }

    /** A request, counted or not, is about to be written. */
    synchronized void sent(long nanos) {
        goOn(nanos);
        cuts.forEach(cut -> cut.recorder.sent(nanos));
    }

    /** A counted request is about to be written, by a user that was free at its time. */
    synchronized void sentAtItsTime(long intendedNanos, long nanos) {
        of(intendedNanos).recorder.sent(intendedNanos, nanos);
    }

    /** A request that was sent, counted or not, has ended. */
    synchronized void ended(long sentNanos, long endNanos) {
        goOn(endNanos);
        cuts.forEach(cut -> cut.recorder.ended(sentNanos, endNanos));
    }

    /** A right answer to any request. */
    synchronized void answeredRightly(long nanos) {
        goOn(nanos);
        cuts.forEach(cut -> cut.recorder.answeredRightly(nanos));
    }

    /** A counted request has ended, and its answer is checked. */
    synchronized void measured(RequestInFlight request, Outcome outcome) {
        long intended = request.intendedNanos().orElseThrow();
        long sent = request.sentNanos().orElseThrow();
        RequestInFlight.End ended = request.end().orElseThrow();
        long end = ended.nanos();
        Cut cut = of(intended);
        if (request.wasSent()) {
            cut.ledger.sent();
        }
        cut.ledger.ended(request.wasSent(), outcome.right());
        if (outcome.right()) {
            cut.recorder.success(sent, end, outcome.tokens(), request.readInFull(), request.stalledNanos());
            cut.recorder.size(
                    request.body().items(),
                    request.body().tokens(),
                    outcome.tokens(),
                    request.body().bytes().length,
                    ended.answerBytes());
            cut.recorder.responded(intended, end);
        } else {
            Failure failure = outcome.failure().orElseThrow();
            cut.recorder.failure(end, failure.kind(), failure.detail(), failure.inFull());
        }
        cut.underWay--;
        handOver();
    }

    private void handOver() {
        while (!cuts.isEmpty() && cuts.peek().closed && cuts.peek().full && cuts.peek().underWay == 0) {
            Cut cut = cuts.remove();
            ended.accept(new Slice(cut.number, cut.openedNanos, cut.samples(), cut.watches));
        }
    }
}
