package nimload.results;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Every request of a level, those of warm-up and cool-down too: each is answered rightly or has failed.
 *
 * @param sent written once
 * @param notSent could not be written: no connection
 * @param right answered rightly
 * @param failed answered wrongly or not at all
 * @param sentAgain of those sent, written a second time because the server had closed the connection while it was idle
 */
public record Ledger(long sent, long notSent, long right, long failed, long sentAgain) {

    /** Requests of which it is not known what became of them; 0 unless something is wrong with this client. */
    public long unaccounted() {
        return sent + notSent - right - failed;
    }

    /** Of several runs of a level. */
    public static Ledger together(List<Ledger> runs) {
        return new Ledger(
                sum(runs, Ledger::sent),
                sum(runs, Ledger::notSent),
                sum(runs, Ledger::right),
                sum(runs, Ledger::failed),
                sum(runs, Ledger::sentAgain));
    }

    private static long sum(List<Ledger> runs, ToLongFunction<Ledger> value) {
        return runs.stream().mapToLong(value).sum();
    }
}
