package nimload.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import nimload.capacity.Outcome.Cause;
import nimload.capacity.Outcome.Evidence;
import nimload.capacity.Outcome.Verdict;
import nimload.statistics.Inflation;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Decides, request after request, whether a step keeps its limits, and stops as soon as it knows.
 *
 * <p>It looks when the count has grown by a fifth since its last look. Look k may be wrong with a probability of error ÷ (k (k +
 * 1)), so all looks together with at most {@code error}. Neighbouring requests wait in the same queue, so requests count
 * as {@code count ÷ inflation} independent ones. The share of late requests is then held against each limit by an exact
 * binomial test.
 *
 * <p>A step is also broken when it collapses: see {@link Backlog}. What the server did while its queue filled does not
 * count: a tenth of the step, and at least 15 mean response times.
 *
 * <p>Constant memory. Not thread-safe.
 */
public final class StepTrial {
    private static final long FIRST_LOOK = 50;
    private static final double LOOK_GROWTH = 1.2;

    /** The share of a step in which the queue fills. */
    private static final double FILLING = 0.1;

    /** The same as a multiple of the mean response time, which is a third of the limit where p95 just keeps it. */
    private static final double FILLING_RESPONSES = 15;

    /** A shorter step holds or breaks by chance: it saw too few independent states of the queue. */
    private static final double SHORTEST_RESPONSES = 60;

    private final List<Limit> limits;
    private final double error;
    private final long mostRequests;
    private final StepSlices slices;
    private long nextLook = FIRST_LOOK;
    private int looks;
    private Verdict verdict = Verdict.UNDECIDED;
    private Cause cause = Cause.NONE;
    private boolean collapsed;

    /**
     * @param limits all of them must hold; at least one
     * @param error probability of a wrong decision, 0 to 1 exclusive
     * @param mostRequests after which it gives up, once the step was long enough to say something
     */
    public StepTrial(List<Limit> limits, double error, long mostRequests) {
        this.limits = List.copyOf(limits);
        this.error = error;
        this.mostRequests = mostRequests;
        this.slices = new StepSlices(limits);
    }

    /**
     * Takes a finished request, in order of intended time.
     *
     * @param intendedSeconds after the first of the step
     * @param responseMillis from the intended send to the last byte of the answer, or to the failure
     * @param ok whether the answer was right
     * @return what is known by now; a decision stays
     */
    public Verdict add(double intendedSeconds, double responseMillis, boolean ok) {
        slices.add(intendedSeconds, responseMillis, ok);
        if (verdict == Verdict.UNDECIDED && slices.count() >= nextLook) {
            looks++;
            nextLook = (long) Math.ceil(slices.count() * LOOK_GROWTH);
            // Each limit may break by chance, and so may the backlog; all must hold.
            look(error / looks / (looks + 1) / Math.max(3, limits.size() + 1));
        }
        return verdict;
    }

    /** Whether the step can end: it is decided, or it would take too many requests. */
    public boolean done() {
        return verdict != Verdict.UNDECIDED || slices.count() >= mostRequests && longEnough();
    }

    /** @param value rate or concurrency of the step */
    public Outcome outcome(double value) {
        return new Outcome(
                value,
                verdict,
                cause,
                collapsed,
                slices.count(),
                slices.seconds(),
                evidence(slices.settled(filling())));
    }

    private double filling() {
        return Math.max(FILLING_RESPONSES * slices.meanCappedMillis() / 1e3, FILLING * slices.seconds());
    }

    private boolean longEnough() {
        return slices.seconds() >= SHORTEST_RESPONSES * slices.meanCappedMillis() / 1e3;
    }

    private void look(double spent) {
        if (Backlog.grows(slices.all(), spent)) {
            verdict = Verdict.BROKEN;
            cause = Cause.LATENCY;
            collapsed = true;
            return;
        }
        List<StepSlices.Slice> settled = slices.settled(filling());
        if (settled.isEmpty() || !longEnough()) {
            return;
        }
        List<Evidence> evidence = evidence(settled);
        boolean allHold = true;
        for (int i = 0; i < limits.size(); i++) {
            Verdict one = judge(limits.get(i), evidence.get(i), spent);
            if (one == Verdict.BROKEN) {
                verdict = Verdict.BROKEN;
                cause = 2 * failed(settled) > evidence.get(i).late() ? Cause.ERRORS : Cause.LATENCY;
                return;
            }
            allHold &= one == Verdict.HOLDS;
        }
        if (allHold) {
            verdict = Verdict.HOLDS;
        }
    }

    private static Verdict judge(Limit limit, Evidence evidence, double spent) {
        int count = (int) Math.floor(evidence.count() / evidence.inflation());
        int late = (int) Math.round(evidence.late() / evidence.inflation());
        if (count < 1) {
            return Verdict.UNDECIDED;
        }
        BinomialDistribution atLimit = BinomialDistribution.of(count, limit.share());
        if (late > 0 && atLimit.survivalProbability(late - 1) <= spent) {
            return Verdict.BROKEN;
        }
        return atLimit.cumulativeProbability(late) <= spent ? Verdict.HOLDS : Verdict.UNDECIDED;
    }

    private List<Evidence> evidence(List<StepSlices.Slice> settled) {
        List<Evidence> evidence = new ArrayList<>();
        long[] counts = settled.stream().mapToLong(StepSlices.Slice::count).toArray();
        for (int i = 0; i < limits.size(); i++) {
            int limit = i;
            long[] late =
                    settled.stream().mapToLong(slice -> slice.late()[limit]).toArray();
            long all = settled.stream().mapToLong(StepSlices.Slice::count).sum();
            evidence.add(new Evidence(
                    settled.stream().mapToLong(slice -> slice.late()[limit]).sum(),
                    all,
                    Math.max(
                            Inflation.of(late, late, counts),
                            limits.get(i).errorsOnly() ? 1 : ofWaits(settled, limit))));
        }
        return evidence;
    }

    /**
     * The inflation of the response times up to the limit, which show how long the queue remembers where hardly any request is
     * late.
     */
    private static double ofWaits(List<StepSlices.Slice> settled, int limit) {
        return Inflation.ofMean(
                doubles(settled, slice -> slice.capped()[limit]),
                doubles(settled, slice -> slice.cappedSquares()[limit]),
                settled.stream().mapToLong(StepSlices.Slice::count).toArray());
    }

    private static double[] doubles(List<StepSlices.Slice> slices, ToDoubleFunction<StepSlices.Slice> value) {
        return slices.stream().mapToDouble(value).toArray();
    }

    private static long failed(List<StepSlices.Slice> slices) {
        return slices.stream().mapToLong(StepSlices.Slice::failed).sum();
    }
}
