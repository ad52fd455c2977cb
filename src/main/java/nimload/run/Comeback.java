package nimload.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whether a NIM that stopped answering in a run is there again: it is asked for one right answer, again and again until
 * it gives it or patience ends. Safe for many threads; none waits in here for another.
 */
final class Comeback {
    private static final long ASK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    /** Asks the NIM once; may take seconds. */
    @FunctionalInterface
    interface Question {
        boolean answersRightly();
    }

    private enum State {
        PRESENT,
        ASKED,
        GIVEN_UP
    }

    private final String nim;
    private final Duration patience;
    private final Question question;
    private final LongSupplier nanoTime;
    private final PrintStream out;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile State state = State.PRESENT;
    private volatile long patienceEndsNanos;
    private volatile long askAgainNanos;

    /** @param nim its name, for people */
    Comeback(String nim, Duration patience, Question question, LongSupplier nanoTime, PrintStream out) {
        this.nim = nim;
        this.patience = patience;
        this.question = question;
        this.nanoTime = nanoTime;
        this.out = out;
    }

    /** It has stopped answering. */
    void stopped() {
        if (state == State.PRESENT) {
            long now = nanoTime.getAsLong();
            patienceEndsNanos = now + patience.toNanos();
            askAgainNanos = now;
            state = State.ASKED;
            out.println(nim + " does not answer any more; asking again for up to " + patience.toSeconds() + " s");
        }
    }

    /** Whether to wait for it. Asks it now and then, by one of the callers. */
    boolean awaited() {
        if (state != State.ASKED || !asking.tryLock()) {
            return state == State.ASKED;
        }
        try {
            if (state == State.ASKED && nanoTime.getAsLong() - askAgainNanos >= 0) {
                ask();
            }
        } finally {
            asking.unlock();
        }
        return state == State.ASKED;
    }

    private void ask() {
        if (question.answersRightly()) {
            state = State.PRESENT;
            out.println(nim + " answers again");
            return;
        }
        long now = nanoTime.getAsLong();
        askAgainNanos = now + ASK_EVERY_NANOS;
        if (now - patienceEndsNanos >= 0) {
            state = State.GIVEN_UP;
            out.println("✗ " + nim + " has not answered for " + patience.toSeconds()
                    + " s; its remaining levels are left out (-Dnim.wait=5m waits longer)");
        }
    }

    /** Whether it did not come back in time. */
    boolean givenUp() {
        return state == State.GIVEN_UP;
    }
}
