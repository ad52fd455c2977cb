package nimload.capacity;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import nimload.capacity.Found.Ended;
import nimload.capacity.Outcome.Cause;
import nimload.capacity.Outcome.Verdict;

/**
 * Chooses the steps that find the highest rate, or concurrency, at which all limits hold, with few requests.
 *
 * <p>First it doubles from the start until a step breaks a limit, or halves until one holds. Then it closes in: {@link
 * Boundary} says from all steps together where the boundary may be, and the next step lies inside. Undecided steps near the
 * boundary and steps that contradict each other narrow it too. It ends when the 95 % interval is as narrow as was planned.
 *
 * <p>A step that the client limits says nothing about the target: the search goes no higher than that.
 */
public final class CapacitySearch {
    /** Probability that any of the steps is judged wrongly. */
    private static final double ERROR = 0.05;

    private static final double TAIL = 0.025;
    private static final double FACTOR = 2;

    /** How many requests a step may take that is probably far from the boundary. */
    private static final long FAR_REQUESTS = 2000;

    /** The next step is worth this share of all requests so far, so that no step is much longer than needed. */
    private static final double SHARE_OF_ALL = 0.5;

    /** A step must have been as close to the answer, as a share of the precision: further away the curve bends. */
    private static final double NEAR = 1 / 3.0;

    private final SearchPlan plan;
    private final List<Limit> limits;

    /** @param limits all of them must hold; at least one */
    public CapacitySearch(SearchPlan plan, List<Limit> limits) {
        this.plan = plan;
        this.limits = List.copyOf(limits);
    }

    /** Judges the next step. All steps together decide wrongly in at most 5 % of searches. */
    public StepTest test(Next.Probe probe) {
        return new StepTest(limits, ERROR / plan.mostSteps(), probe.mostRequests());
    }

    /** @param outcomes of all steps so far, in order */
    public Next next(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return probe(plan.start(), FAR_REQUESTS, 0);
        }
        double seconds = outcomes.stream().mapToDouble(Outcome::seconds).sum();
        List<Outcome> told = outcomes.stream()
                .filter(outcome -> outcome.cause() != Cause.CLIENT)
                .toList();
        OptionalDouble client = lowest(outcomes, outcome -> outcome.cause() == Cause.CLIENT);
        OptionalDouble broken = lowest(told, is(Verdict.BROKEN));
        OptionalDouble holds = highest(told, is(Verdict.HOLDS));
        boolean undecided = told.stream().anyMatch(is(Verdict.UNDECIDED));
        boolean spent = outcomes.size() >= plan.mostSteps() || seconds >= plan.mostSeconds();
        Ended spentOn = seconds >= plan.mostSeconds() ? Ended.SECONDS : Ended.STEPS;

        if (!undecided && broken.isEmpty()) {
            return upward(holds, client, spent, spentOn, seconds);
        }
        if (!undecided && holds.isEmpty()) {
            return downward(told, broken.getAsDouble(), spent, spentOn, seconds);
        }
        return inward(told, client, spent, spentOn, seconds);
    }

    private Next upward(OptionalDouble holds, OptionalDouble client, boolean spent, Ended spentOn, double seconds) {
        OptionalDouble none = OptionalDouble.empty();
        if (client.isPresent()) {
            double half = client.getAsDouble() / FACTOR;
            if (holds.isPresent() || client.getAsDouble() <= plan.least() || spent) {
                return new Next.Done(new Found(limits, holds, none, none, Cause.CLIENT, client, Ended.CLIENT));
            }
            return probe(half, FAR_REQUESTS, seconds);
        }
        if (holds.getAsDouble() >= plan.most() || spent) {
            Ended ended = holds.getAsDouble() >= plan.most() ? Ended.HIGHEST : spentOn;
            return new Next.Done(new Found(limits, holds, none, none, Cause.NONE, none, ended));
        }
        return probe(holds.getAsDouble() * FACTOR, FAR_REQUESTS, seconds);
    }

    private Next downward(List<Outcome> told, double broken, boolean spent, Ended spentOn, double seconds) {
        if (broken <= plan.least() || spent) {
            OptionalDouble none = OptionalDouble.empty();
            Ended ended = broken <= plan.least() ? Ended.LOWEST : spentOn;
            return new Next.Done(
                    new Found(limits, none, OptionalDouble.of(broken), none, brokeFirst(told), none, ended));
        }
        return probe(broken / FACTOR, FAR_REQUESTS, seconds);
    }

    private Next inward(List<Outcome> told, OptionalDouble client, boolean spent, Ended spentOn, double seconds) {
        Boundary boundary = Boundary.of(
                told,
                limits,
                told.stream().mapToDouble(Outcome::value).min().orElseThrow() / FACTOR,
                told.stream().mapToDouble(Outcome::value).max().orElseThrow() * FACTOR);
        double low = boundary.quantile(TAIL);
        double high = boundary.quantile(1 - TAIL);
        if (plan.whole()) {
            low = Math.floor(low);
            high = Math.floor(high) + 1;
        }
        double estimate = boundary.quantile(0.5);
        boolean narrowEnough = high - low <= Math.max(plan.whole() ? 1 : 0, plan.precision() * low);
        boolean near = plan.whole()
                || told.stream()
                        .anyMatch(outcome ->
                                Math.abs(Math.log(outcome.value() / estimate)) <= NEAR * Math.log1p(plan.precision()));
        boolean precise = narrowEnough && near;
        if (precise || spent) {
            double narrow = low;
            double furthest = narrow * (1 + plan.precision());
            high = lowest(
                            told,
                            is(Verdict.BROKEN)
                                    .and(outcome -> outcome.value() >= boundary.quantile(1 - TAIL)
                                            && outcome.value() <= furthest))
                    .orElse(high);
            double top = high;
            low = highest(
                            told,
                            is(Verdict.HOLDS)
                                    .and(outcome -> outcome.value() <= narrow
                                            && outcome.value() * (1 + plan.precision()) >= top))
                    .orElse(low);
            return new Next.Done(new Found(
                    limits,
                    OptionalDouble.of(low),
                    OptionalDouble.of(high),
                    OptionalDouble.of(estimate),
                    brokeFirst(told),
                    client,
                    precise ? Ended.PRECISE : spentOn));
        }
        double width = Math.log(high / low);
        long all = told.stream().mapToLong(Outcome::requests).sum();
        double missing = Math.pow(width / Math.log1p(plan.precision()), 2) - 1;
        long requests = Math.max(FAR_REQUESTS, (long) (Math.min(SHARE_OF_ALL, missing) * all));
        boolean even = told.size() % 2 == 0;
        double at = width > 0.2 || narrowEnough ? 0.5 : even ? 0.3 : 0.7;
        return probe(boundary.quantile(at), requests, seconds);
    }

    private Next probe(double value, long requests, double seconds) {
        double allowed = Math.max(plan.least(), Math.min(plan.most(), value));
        return new Next.Probe(plan.whole() ? Math.rint(allowed) : allowed, requests, plan.mostSeconds() - seconds);
    }

    private static Cause brokeFirst(List<Outcome> told) {
        return told.stream()
                .filter(is(Verdict.BROKEN))
                .min(Comparator.comparingDouble(Outcome::value))
                .map(Outcome::cause)
                .orElse(Cause.NONE);
    }

    private static Predicate<Outcome> is(Verdict verdict) {
        return outcome -> outcome.verdict() == verdict;
    }

    private static OptionalDouble lowest(List<Outcome> outcomes, Predicate<Outcome> which) {
        return values(outcomes, which).min();
    }

    private static OptionalDouble highest(List<Outcome> outcomes, Predicate<Outcome> which) {
        return values(outcomes, which).max();
    }

    private static DoubleStream values(List<Outcome> outcomes, Predicate<Outcome> which) {
        return outcomes.stream().filter(which).mapToDouble(Outcome::value);
    }
}
