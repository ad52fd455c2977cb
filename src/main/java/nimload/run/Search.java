package nimload.run;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import nimload.capacity.CapacitySearch;
import nimload.capacity.Found;
import nimload.capacity.Found.Ended;
import nimload.capacity.Limit;
import nimload.capacity.Next;
import nimload.capacity.Outcome;
import nimload.capacity.Outcome.Cause;
import nimload.capacity.Outcome.Verdict;
import nimload.capacity.SearchPlan;
import nimload.measure.LoadPointResult;
import nimload.plan.CapacitySettings;
import nimload.plan.CapacitySettings.By;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.results.Capacity;
import nimload.results.Capacity.Recovery;
import nimload.results.Capacity.Step;

/**
 * The search for one shape of request: its steps so far, and after a step under which the target collapsed the wait until it
 * answers again. Safe for many threads.
 */
final class Search {
    /** A step that the client limited, which on a busy machine happens by chance, is tried again as often. */
    private static final int CLIENT_TRIES = 2;

    /** The same rate again would be the same level. */
    private static final double AGAIN = 0.999;

    /** A step in which the target went away is tried again once it is back, for the load may not have been why. */
    private static final int AWAY_TRIES = 1;

    private static final String AWAY = "the target did not answer any more";

    private static final long ASK_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    /** A request that took this many times the limit is late whatever comes. */
    private static final double HOPELESS_LIMITS = 10;

    private final LoadPoint point;
    private final CapacitySettings settings;
    private final SearchPlan plan;
    private final CapacitySearch search;
    private final List<Limit> limits;
    private final IntFunction<OptionalDouble> single;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Recovery> recoveries = new ArrayList<>();
    private Next next;
    private StepJudge judge;
    private long requests;
    private long startedNanos;
    private double seconds;
    private int clientTries;
    private int awayTries;
    private Optional<Doubt> doubt = Optional.empty();
    private boolean lost;
    /** Number of the next body that is sent alone: none is sent twice. */
    private int nextAlone;

    /** Whether the target still answers after a step. */
    private static final class Doubt {
        final Next.Probe probe;
        final Outcome outcome;
        final boolean counts;
        final long stoppedNanos;
        OptionalLong firstAskedNanos = OptionalLong.empty();
        long askedNanos;
        boolean asking;
        boolean answers;

        /** @param counts whether the step is not tried again anyway */
        Doubt(Next.Probe probe, Outcome outcome, boolean counts, long stoppedNanos) {
            this.probe = probe;
            this.outcome = outcome;
            this.counts = counts;
            this.stoppedNanos = stoppedNanos;
        }
    }

    /**
     * @param single sends one request, with the body of a number, and says how long its right answer took in ms
     * @param firstAlone number of the first such body that nobody has sent
     * @param patience with a target that collapsed
     * @param nanoTime as {@link System#nanoTime()}
     */
    Search(
            LoadPoint point,
            CapacitySettings settings,
            SearchPlan plan,
            IntFunction<OptionalDouble> single,
            int firstAlone,
            Duration patience,
            LongSupplier nanoTime) {
        this.point = point;
        this.settings = settings;
        this.plan = plan;
        this.limits = settings.limitsOf(point.workload());
        this.search = new CapacitySearch(plan, limits);
        this.single = single;
        this.nextAlone = firstAlone;
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.next = search.next(outcomes);
    }

    /** Whether the target was still away when the search gave it up. */
    synchronized boolean lost() {
        return lost;
    }

    /** Of the next step; empty if the search has ended. */
    synchronized Optional<Next.Probe> next() {
        return !lost && next instanceof Next.Probe probe ? Optional.of(probe) : Optional.empty();
    }

    /** Its requests, at the next step's load. */
    synchronized LoadPoint nextPoint() {
        double load = next().orElseThrow().value();
        return switch (settings.by()) {
            case RATE -> point.atConcurrency(settings.inFlight()).at(settings.load(unused(load)));
            case CONCURRENCY -> point.atConcurrency((int) Math.round(load));
        };
    }

    /** As many users as any step may have. */
    LoadPoint widestPoint() {
        return switch (settings.by()) {
            case RATE -> point.atConcurrency(settings.inFlight()).at(Load.poisson(plan.start()));
            case CONCURRENCY -> point.atConcurrency((int) Math.round(plan.most()));
        };
    }

    LoadPoint point() {
        return point;
    }

    /** What is shown of a rate is what is sent. */
    private static double rounded(double rate) {
        return new BigDecimal(rate).round(new MathContext(5)).doubleValue();
    }

    /** The same rate again would be the same level, of which the results hold one. */
    private double unused(double load) {
        double rate = load;
        while (used(rounded(rate))) {
            rate *= AGAIN;
        }
        return rounded(rate);
    }

    private boolean used(double rate) {
        return steps.stream().anyMatch(step -> step.load() == rate);
    }

    private static double loadOf(LoadPoint step) {
        return step.load().closed() ? step.concurrency() : step.load().requestsPerSecond();
    }

    synchronized StepJudge judge() {
        Next.Probe probe = next().orElseThrow();
        double longest = limits.stream()
                .filter(limit -> !limit.errorsOnly())
                .mapToDouble(Limit::millis)
                .max()
                .orElse(1e3);
        startedNanos = nanoTime.getAsLong();
        judge = new StepJudge(search.test(probe), Math.round(HOPELESS_LIMITS * longest * 1e6), nanoTime);
        return judge;
    }

    /** Whether the step before was at the same load, and is tried again. */
    synchronized boolean replacesStepAt(LoadPoint step) {
        return !steps.isEmpty()
                && steps.get(steps.size() - 1).triedAgain()
                && steps.get(steps.size() - 1).load() == loadOf(step);
    }

    /** @return what the step showed, for people */
    synchronized String stepEnded(LoadPointResult step) {
        double load = loadOf(step.point());
        String verdict = judged(step, load);
        steps.add(new Step(load, verdict, step.requests(), step.goodputPerSecond(shortestLimit())));
        return verdict;
    }

    private double shortestLimit() {
        return limits.stream().mapToDouble(Limit::millis).min().orElseThrow();
    }

    private String judged(LoadPointResult step, double load) {
        // Requests that are still answered after the step keep the target as busy as the step.
        double took = (nanoTime.getAsLong() - startedNanos) / 1e9;
        seconds += took;
        Next.Probe probe = next().orElseThrow();
        Outcome outcome = outcome(step, load);
        requests += step.requests();
        List<String> client = step.clientLimits();
        boolean limited = outcome.verdict() != Verdict.HOLDS && !client.isEmpty();
        boolean again = limited && clientTries < CLIENT_TRIES;
        if (outcome.collapsed() || outcome.cause() == Cause.ERRORS) {
            long stopped = judge.decided() ? judge.stoppedNanos() : nanoTime.getAsLong();
            doubt = Optional.of(new Doubt(probe, outcome, !again, stopped));
        } else {
            awayTries = 0;
        }
        if (again) {
            clientTries++;
            next = new Next.Probe(probe.value(), probe.mostRequests(), Math.max(1, probe.mostSeconds() - took));
            return Step.AGAIN + client.get(0);
        }
        outcome = limited ? outcome.limitedByClient() : outcome;
        clientTries = 0;
        seconds = 0;
        outcomes.add(outcome);
        next = search.next(List.copyOf(outcomes));
        return words(outcome);
    }

    private Outcome outcome(LoadPointResult step, double load) {
        Outcome outcome = judge.outcome(load).took(seconds);
        boolean silent =
                step.samples().successes() == 0 || step.samples().findings().givenUp();
        return silent && outcome.verdict() == Verdict.UNDECIDED ? outcome.silent() : outcome;
    }

    private static String words(Outcome outcome) {
        return switch (outcome.verdict()) {
            case HOLDS -> Step.HOLDS;
            case BROKEN ->
                Step.BROKEN
                        + outcome.cause().text()
                        + (!outcome.collapsed()
                                ? ""
                                : outcome.cause() == Cause.ERRORS
                                        ? ", nothing was answered rightly"
                                        : ", the backlog grew");
            case UNDECIDED -> outcome.cause() == Cause.CLIENT ? "the client is the limit" : "undecided";
        };
    }

    /** Whether the target is waited for after it collapsed or went away. Asks it now and then. */
    boolean awaitsRecovery() {
        Doubt waiting;
        int body;
        synchronized (this) {
            if (doubt.isEmpty()) {
                return false;
            }
            waiting = doubt.get();
            long now = nanoTime.getAsLong();
            if (waiting.asking || waiting.firstAskedNanos.isPresent() && now - waiting.askedNanos < ASK_EVERY_NANOS) {
                return true;
            }
            waiting.asking = true;
            waiting.askedNanos = now;
            body = nextAlone++;
        }
        OptionalDouble answer = OptionalDouble.empty();
        try {
            answer = single.apply(body);
        } finally {
            answered(waiting, answer);
        }
        return true;
    }

    private synchronized void answered(Doubt waiting, OptionalDouble millis) {
        long now = nanoTime.getAsLong();
        boolean first = waiting.firstAskedNanos.isEmpty();
        waiting.firstAskedNanos = OptionalLong.of(waiting.firstAskedNanos.orElse(now));
        waiting.askedNanos = now;
        waiting.asking = false;
        waiting.answers = millis.isPresent();
        double load = waiting.outcome.value();
        // To a millisecond, which is far finer than it is asked.
        double sinceLoad = Math.rint((now - waiting.stoppedNanos) / 1e6) / 1e3;
        boolean collapsed = waiting.counts && waiting.outcome.collapsed() && waiting.outcome.cause() != Cause.ERRORS;
        if (millis.isPresent() && millis.getAsDouble() <= shortestLimit()) {
            if (collapsed || !first) {
                recoveries.add(new Recovery(load, OptionalDouble.of(sinceLoad), sinceLoad));
            }
            doubt = Optional.empty();
            if (!collapsed && !first && waiting.counts && awayTries < AWAY_TRIES) {
                awayTries++;
                forget(waiting);
            } else {
                awayTries = 0;
            }
        } else if (now - waiting.firstAskedNanos.getAsLong() > patience.toNanos()) {
            recoveries.add(new Recovery(load, OptionalDouble.empty(), sinceLoad));
            doubt = Optional.empty();
            // One that answers, but too late even alone, is searched on: the answer is "less than".
            lost = !waiting.answers;
        }
    }

    /** The step under which the target went away does not count yet: it is tried again. */
    private void forget(Doubt waiting) {
        outcomes.remove(outcomes.size() - 1);
        Step last = steps.remove(steps.size() - 1);
        steps.add(new Step(last.load(), Step.AGAIN + AWAY, last.requests(), last.goodputPerSecond()));
        seconds = waiting.outcome.seconds();
        next = new Next.Probe(
                waiting.probe.value(),
                waiting.probe.mostRequests(),
                Math.max(1, waiting.probe.mostSeconds() - waiting.outcome.seconds()));
    }

    /** Its answer; of a search that goes on, what is known so far. */
    synchronized Capacity capacity() {
        Found found = !lost && next instanceof Next.Done done
                ? done.found()
                : search.found(List.copyOf(outcomes), lost ? Ended.LOST : Ended.CUT_SHORT);
        String unit = settings.by() == By.CONCURRENCY
                ? "users"
                : switch (point.workload()) {
                    case QUERY -> "queries/s";
                    case PASSAGE, RERANKING -> "requests/s";
                };
        return new Capacity(
                point,
                settings.by().key(),
                limits.stream().map(Limit::text).toList(),
                found.low(),
                found.high(),
                found.estimate(),
                found.brokeFirst() == Cause.NONE
                        ? Optional.empty()
                        : Optional.of(found.brokeFirst().text()),
                found.sentence(unit),
                List.copyOf(steps),
                requests,
                List.copyOf(recoveries));
    }
}
