package nimload.capacity;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
    private static final double SHARE_OF_ALL = 0.25;

    /** Steps lie alternately at this percentile of where the boundary may be and at its mirror: two sides show the slope. */
    private static final double NEARER = 0.15;

    /** A wider interval is halved instead, as a share of the value. */
    private static final double WIDE = 0.2;

    /** A step must have been as close to the answer, as a share of the precision: further away the curve bends. */
    private static final double NEAR = 1 / 3.0;

    /** The highest value allowed was tried if a step came as close to it: a step that is repeated differs a little. */
    private static final double HIGHEST = 0.99;

    private final SearchPlan plan;
    private final List<Limit> limits;

    /** @param limits all of them must hold; at least one */
    public CapacitySearch(SearchPlan plan, List<Limit> limits) {
        this.plan = plan;
        this.limits = List.copyOf(limits);
    }

    /** Judges the next step. All steps together decide wrongly in at most 5 % of searches. */
    public StepTrial test(Next.Probe probe) {
        return new StepTrial(limits, ERROR / plan.mostSteps(), probe.mostRequests());
    }

    /** @param outcomes of all steps so far, in order */
    public Next next(List<Outcome> outcomes) {
        return outcomes.isEmpty() ? probe(plan.start(), FAR_REQUESTS, 0) : next(outcomes, Optional.empty());
    }

    /**
     * What is known of a search that ends before it is done.
     *
     * @param outcomes of all its steps, in order; there may be none
     */
    public Found found(List<Outcome> outcomes, Ended why) {
        OptionalDouble none = OptionalDouble.empty();
        return outcomes.isEmpty()
                ? new Found(limits, none, none, none, Cause.NONE, none, why)
                : ((Next.Done) next(outcomes, Optional.of(why))).found();
    }

    /** @param why it ends here, if it has to */
    private Next next(List<Outcome> outcomes, Optional<Ended> why) {
        double seconds = outcomes.stream().mapToDouble(Outcome::seconds).sum();
        List<Outcome> told = outcomes.stream()
                .filter(outcome -> outcome.cause() != Cause.CLIENT)
                .toList();
        OptionalDouble client = lowest(outcomes, outcome -> outcome.cause() == Cause.CLIENT);
        OptionalDouble broken = lowest(told, is(Verdict.BROKEN));
        OptionalDouble holds = highest(told, is(Verdict.HOLDS));
        boolean undecided = told.stream().anyMatch(is(Verdict.UNDECIDED));
        boolean spent = why.isPresent() || outcomes.size() >= plan.mostSteps() || seconds >= plan.mostSeconds();
        Ended spentOn = why.orElse(seconds >= plan.mostSeconds() ? Ended.SECONDS : Ended.STEPS);

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
            if (holds.isPresent() || client.getAsDouble() <= plan.least() || spent) {
                return new Next.Done(new Found(limits, holds, none, none, Cause.CLIENT, client, Ended.CLIENT));
            }
            return probe(client.getAsDouble() / FACTOR, FAR_REQUESTS, seconds);
        }
        boolean highest = holds.getAsDouble() >= HIGHEST * plan.most();
        if (highest || spent) {
            Ended ended = highest ? Ended.HIGHEST : spentOn;
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
        double least = told.stream().mapToDouble(Outcome::value).min().orElseThrow();
        double most = told.stream().mapToDouble(Outcome::value).max().orElseThrow();
        Boundary boundary = Boundary.of(told, limits, least / FACTOR, most * FACTOR);
        double low = boundary.quantile(TAIL);
        double high = boundary.quantile(1 - TAIL);
        double estimate = boundary.quantile(0.5);
        if (plan.whole()) {
            low = Math.floor(low);
            high = Math.floor(high) + 1;
        }
        boolean narrow = high - low <= Math.max(plan.whole() ? 1 : 0, plan.precision() * low);
        boolean wide = high / low > 1 + WIDE;
        boolean even = told.size() % 2 == 0;
        double next = boundary.quantile(plan.whole() || wide || narrow ? 0.5 : even ? NEARER : 1 - NEARER);
        boolean precise = narrow && (plan.whole() || near(told, estimate));
        boolean beyondClient = client.isPresent() && next >= client.getAsDouble();
        boolean beyondHighest = next >= HIGHEST * plan.most()
                && shown(told, Verdict.HOLDS, HIGHEST * plan.most(), plan.most())
                                .count()
                        > 0;
        boolean belowLowest = next <= plan.least()
                && shown(told, Verdict.BROKEN, plan.least(), plan.least()).count() > 0;
        if (precise || spent || beyondClient || beyondHighest || belowLowest) {
            OptionalDouble shownLow = within(
                    shown(told, Verdict.HOLDS, 0, low).max(),
                    low > most
                            ? shown(told, Verdict.HOLDS, 0, most).max()
                            : shown(told, Verdict.HOLDS, 0, least).max(),
                    low,
                    high,
                    least,
                    most);
            OptionalDouble shownHigh = within(
                    shown(told, Verdict.BROKEN, high, most).min(),
                    high < least
                            ? shown(told, Verdict.BROKEN, least, most).min()
                            : shown(told, Verdict.BROKEN, most, most).max(),
                    high,
                    shownLow.orElse(low),
                    least,
                    most);
            return new Next.Done(new Found(
                    limits,
                    shownLow,
                    shownHigh,
                    shownLow.isPresent() && shownHigh.isPresent()
                            ? OptionalDouble.of(estimate)
                            : OptionalDouble.empty(),
                    brokeFirst(told),
                    client,
                    beyondHighest
                            ? Ended.HIGHEST
                            : belowLowest
                                    ? Ended.LOWEST
                                    : precise ? Ended.PRECISE : beyondClient ? Ended.CLIENT : spentOn));
        }
        long all = told.stream().mapToLong(Outcome::requests).sum();
        double missing = Math.pow(Math.log(high / low) / Math.log1p(plan.precision()), 2) - 1;
        return probe(next, Math.max(FAR_REQUESTS, (long) (Math.min(SHARE_OF_ALL, missing) * all)), seconds);
    }

    private boolean near(List<Outcome> told, double estimate) {
        double furthest = NEAR * Math.log1p(plan.precision());
        return told.stream().anyMatch(outcome -> Math.abs(Math.log(outcome.value() / estimate)) <= furthest);
    }

    private static DoubleStream shown(List<Outcome> told, Verdict verdict, double from, double to) {
        return values(told, is(verdict)).filter(value -> from <= value && value <= to);
    }

    /**
     * An end of the answer: the nearest step outside that shows it, if the answer stays as precise with it. Beyond the steps
     * nothing is known, but the step at their edge may have shown it.
     */
    private OptionalDouble within(
            OptionalDouble step, OptionalDouble edge, double end, double otherEnd, double least, double most) {
        if (step.isPresent() && Math.abs(Math.log(step.getAsDouble() / otherEnd)) <= Math.log1p(plan.precision())) {
            return step;
        }
        return end < least || end > most ? edge : OptionalDouble.of(end);
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
