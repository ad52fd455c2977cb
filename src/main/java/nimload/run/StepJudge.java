package nimload.run;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import nimload.capacity.Outcome;
import nimload.capacity.Outcome.Cause;
import nimload.capacity.Outcome.Verdict;
import nimload.capacity.StepTrial;

/**
 * Hands the requests of a step to its test in the order in which they were to be sent, which is not the order in which they
 * end. One that has waited for so long that it can only be late goes to the test as that, so that a target that answers
 * nothing is found out too; many of them in a row are a collapse.
 */
final class StepJudge implements Judge {
    /** As many requests in a row that were hopeless are no single one that got lost. */
    private static final int STUCK = 50;

    /** Nor a moment in which the target stood still, if they were to be sent over this time at least. */
    private static final long STUCK_NANOS = Duration.ofSeconds(1).toNanos();

    private final StepTrial test;
    private final long hopelessNanos;
    /** Requests that an earlier one still keeps from the test, by when they were to be sent. */
    private final Map<Long, Ended> waiting = new TreeMap<>();

    private final LongSupplier nanoTime;
    private int hopelessInARow;
    private long hopelessSinceNanos;
    private boolean stuck;
    private boolean open;
    private long stoppedNanos;

    private record Ended(long nanos, boolean right) {
        static final Ended NOT_YET = new Ended(Long.MAX_VALUE, false);
    }

    /**
     * @param hopelessNanos after which a request without an answer counts as late
     * @param nanoTime as {@link System#nanoTime()}
     */
    StepJudge(StepTrial test, long hopelessNanos, LongSupplier nanoTime) {
        this.test = test;
        this.hopelessNanos = hopelessNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void arrived(long intendedNanos) {
        open = true;
        waiting.put(intendedNanos, Ended.NOT_YET);
        take(intendedNanos);
    }

    @Override
    public synchronized void ended(long intendedNanos, long endNanos, boolean right) {
        if (open) {
            waiting.replace(intendedNanos, new Ended(endNanos, right));
            take(endNanos);
        } else {
            add(endNanos, endNanos - intendedNanos, right);
        }
    }

    private void take(long nowNanos) {
        for (Iterator<Map.Entry<Long, Ended>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Ended> next = all.next();
            long intended = next.getKey();
            if (!next.getValue().equals(Ended.NOT_YET)) {
                hopeless(intended, next.getValue().nanos() - intended > hopelessNanos);
                add(
                        intended,
                        next.getValue().nanos() - intended,
                        next.getValue().right());
            } else if (nowNanos - intended > hopelessNanos) {
                hopeless(intended, true);
                add(intended, nowNanos - intended, true);
            } else {
                return;
            }
            all.remove();
        }
    }

    private void hopeless(long intendedNanos, boolean is) {
        if (hopelessInARow == 0) {
            hopelessSinceNanos = intendedNanos;
        }
        hopelessInARow = is ? hopelessInARow + 1 : 0;
    }

    private void add(long intendedNanos, long responseNanos, boolean right) {
        boolean before = done();
        test.add(intendedNanos / 1e9, responseNanos / 1e6, right);
        stuck |= hopelessInARow >= STUCK
                && intendedNanos - hopelessSinceNanos >= Math.max(STUCK_NANOS, hopelessNanos)
                && test.outcome(1).verdict() == Verdict.UNDECIDED;
        if (!before && done()) {
            stoppedNanos = nanoTime.getAsLong();
        }
    }

    @Override
    public synchronized boolean decided() {
        return done();
    }

    private boolean done() {
        return stuck || test.done();
    }

    /** When it was decided. */
    synchronized long stoppedNanos() {
        return stoppedNanos;
    }

    @Override
    public synchronized boolean collapsed() {
        return stuck || test.outcome(1).collapsed();
    }

    /** @param value rate or concurrency of the step */
    synchronized Outcome outcome(double value) {
        Outcome outcome = test.outcome(value);
        return stuck
                ? new Outcome(
                        value,
                        Verdict.BROKEN,
                        Cause.LATENCY,
                        true,
                        outcome.requests(),
                        outcome.seconds(),
                        outcome.evidence())
                : outcome;
    }
}
