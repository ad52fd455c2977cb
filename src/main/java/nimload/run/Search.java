package nimload.run;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import nimload.capacity.CapacitySearch;
import nimload.capacity.Found;
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
    /** A step that the client limited, which on a busy machine happens by chance, is tried again so often. */
    private static final int CLIENT_TRIES = 2;

    /** The same rate again would be the same level. */
    private static final double AGAIN = 0.999;

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
    private Optional<Collapse> collapse = Optional.empty();
    private boolean lost;

    private static final class Collapse {
        final double load;
        final long stoppedNanos;
        long askAgainNanos;
        int asked;

        Collapse(double load, long stoppedNanos) {
            this.load = load;
            this.stoppedNanos = stoppedNanos;
            this.askAgainNanos = stoppedNanos;
        }
    }

    /**
     * @param single sends one request, with the body of a number, and says how long its right answer took in ms
     * @param patience with a target that collapsed
     * @param nanoTime as {@link System#nanoTime()}
     */
    Search(
            LoadPoint point,
            CapacitySettings settings,
            SearchPlan plan,
            IntFunction<OptionalDouble> single,
            Duration patience,
            LongSupplier nanoTime) {
        this.point = point;
        this.settings = settings;
        this.plan = plan;
        this.limits = settings.limitsOf(point.workload());
        this.search = new CapacitySearch(plan, limits);
        this.single = single;
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.next = search.next(outcomes);
    }

    /** Of the next step; empty if the search has ended. */
    synchronized Optional<Next.Probe> next() {
        return !lost && next instanceof Next.Probe probe ? Optional.of(probe) : Optional.empty();
    }

    /** Its requests, at the next step's load. */
    synchronized LoadPoint nextPoint() {
        double load = next().orElseThrow().value();
        return switch (settings.by()) {
            case RATE -> point.atConcurrency(settings.inFlight()).at(settings.load(rounded(load)));
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
        seconds += (nanoTime.getAsLong() - startedNanos) / 1e9;
        Outcome outcome = judge.outcome(load).took(seconds);
        requests += step.requests();
        if (outcome.collapsed()) {
            collapse = Optional.of(new Collapse(load, judge.stoppedNanos()));
        }
        List<String> client = step.clientLimits();
        if (outcome.verdict() != Verdict.HOLDS && !client.isEmpty()) {
            if (clientTries++ < CLIENT_TRIES) {
                Next.Probe probe = next().orElseThrow();
                double again = settings.by() == By.RATE ? AGAIN * probe.value() : probe.value();
                next = new Next.Probe(again, probe.mostRequests(), Math.max(1, probe.mostSeconds() - seconds));
                return Step.AGAIN + client.get(0);
            }
            outcome = outcome.limitedByClient();
        }
        clientTries = 0;
        seconds = 0;
        outcomes.add(outcome);
        next = search.next(List.copyOf(outcomes));
        return words(outcome);
    }

    private static String words(Outcome outcome) {
        return switch (outcome.verdict()) {
            case HOLDS -> Step.HOLDS;
            case BROKEN -> Step.BROKEN + outcome.cause().text() + (outcome.collapsed() ? ", the backlog grew" : "");
            case UNDECIDED -> outcome.cause() == Cause.CLIENT ? "the client is the limit" : "undecided";
        };
    }

    /** Whether the target is waited for after it collapsed. Asks it now and then. */
    boolean awaitsRecovery() {
        Optional<Collapse> waiting;
        synchronized (this) {
            waiting = collapse;
            long now = nanoTime.getAsLong();
            if (waiting.isEmpty() || now - waiting.get().askAgainNanos < 0) {
                return waiting.isPresent();
            }
            waiting.get().askAgainNanos = Long.MAX_VALUE;
        }
        ask(waiting.get());
        return true;
    }

    private void ask(Collapse down) {
        double limit = shortestLimit();
        OptionalDouble millis = single.apply(down.asked++);
        long now = nanoTime.getAsLong();
        // To a millisecond, which is far finer than it is asked.
        double seconds = Math.rint((now - down.stoppedNanos) / 1e6) / 1e3;
        synchronized (this) {
            if (millis.isPresent() && millis.getAsDouble() <= limit) {
                recoveries.add(new Recovery(down.load, OptionalDouble.of(seconds), seconds));
                collapse = Optional.empty();
            } else if (seconds > patience.toMillis() / 1e3) {
                recoveries.add(new Recovery(down.load, OptionalDouble.empty(), seconds));
                collapse = Optional.empty();
                lost = true;
            } else {
                down.askAgainNanos = now + ASK_EVERY_NANOS;
            }
        }
    }

    /** The answer of a search that has ended. */
    synchronized Capacity capacity() {
        // Cut short, it answers with what it knows.
        SearchPlan done = new SearchPlan(
                plan.least(),
                plan.start(),
                plan.most(),
                plan.whole(),
                plan.precision(),
                Math.max(1, outcomes.size()),
                plan.mostSeconds());
        Next end = next instanceof Next.Done ? next : new CapacitySearch(done, limits).next(List.copyOf(outcomes));
        Found found = ((Next.Done) end).found();
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
                found.sentence(unit) + (lost ? "; the target did not answer again after it collapsed" : ""),
                List.copyOf(steps),
                requests,
                List.copyOf(recoveries));
    }
}
