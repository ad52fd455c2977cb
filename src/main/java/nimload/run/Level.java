package nimload.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import nimload.measure.LoadPointResult;
import nimload.run.RequestInFlight.Stage;

/**
 * One level while it runs. One of its users opens it; all warm up, measure, cool down and leave; when the last has left and
 * the last answer is checked, it closes.
 *
 * <p>Safe for the threads of its users.
 */
public final class Level {
    /** The few answers that may wait for their check take milliseconds each. */
    private static final Duration CHECKS_PATIENCE = Duration.ofSeconds(30);

    private final LevelPlan plan;
    private final int users;
    private final Phase phase;
    private final Host host;
    private final RunThreads threads;
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger present;
    /** Users present and checks under way. */
    private final AtomicInteger outstanding;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final LevelWatches watches;
    /** Only while the level is open: a run has many levels, and each one's bodies and recorder take megabytes. */
    private volatile LevelRequests requests;

    private final Gate gate;
    /** Of levels that run together; empty: it has one to itself. */
    private final Optional<LevelClock> common;

    private volatile LevelClock clock;
    private volatile Dispatcher dispatcher;
    private volatile LevelWatches.Seen seen;

    /** @param users that come, of whom those beyond the level's concurrency leave at once */
    Level(LevelPlan plan, Phase phase, Host host, RunThreads threads, int users) {
        this(plan, phase, host, threads, users, Optional.empty());
    }

    /** @param common clock that says where this level stands, and others with it */
    Level(LevelPlan plan, Phase phase, Host host, RunThreads threads, int users, Optional<LevelClock> common) {
        this.plan = plan;
        this.users = users;
        this.gate = new Gate(users);
        this.common = common;
        this.phase = phase;
        this.host = host;
        this.threads = threads;
        this.watches = new LevelWatches(phase.watches(plan), threads.watches());
        this.present = new AtomicInteger(concurrency());
        this.outstanding = new AtomicInteger(concurrency());
    }

    public LevelPlan plan() {
        return plan;
    }

    /** Users: the requests in flight of a closed level, and the most of an open one. */
    public int concurrency() {
        return users;
    }

    /** Whether it has a place for this user. */
    boolean has(int user) {
        return user < plan.users();
    }

    /** Whether Gatling's report shows its measurement. */
    public boolean reported() {
        return phase.reported();
    }

    /** Whether Gatling's report shows the few requests that one user sends alone. */
    public boolean reportsAlone() {
        return phase.reportsAlone();
    }

    /** Whether the run gave this level up before it started. */
    public boolean abandoned() {
        return phase.abandoned(plan);
    }

    /** Whether it does not start yet, since its server does not answer. */
    public boolean awaited() {
        return phase.awaits(plan);
    }

    /**
     * A user of this level, which lives on one thread at a time. The first one opens the level.
     *
     * @param loop that runs what the user does
     */
    public VirtualUser newUser(Executor loop) {
        watches.userLivesOn(loop);
        return new VirtualUser(this, arrived.getAndIncrement(), loop, System::nanoTime);
    }

    /** Holds users until all have come. The one that opens the level comes when it has. */
    void awaitAll(Runnable go) {
        gate.await(go);
    }

    /** Called by one user before the others start. */
    void open() {
        phase.opens(plan).ifPresent(host.out()::println);
        if (phase.reported()) {
            // A full collection takes a tenth of a second, which in the window would be the client's.
            System.gc();
        }
        requests = new LevelRequests(plan, phase.added(plan), phase.judge(plan), phase.slices(plan), threads, watches);
        clock = common.orElseGet(() -> new LevelClock(plan.times(), requests, phase.warmUp(plan)));
        if (plan.open()) {
            dispatcher = new Dispatcher(
                    plan.arrivalTimes(), plan.times().requestTimeout(), new Arriving(clock, requests, plan));
        }
        watches.levelOpens();
    }

    /** Where the arrivals of an open level go. */
    private record Arriving(LevelClock clock, LevelRequests requests, LevelPlan plan) implements Dispatcher.Arrivals {
        @Override
        public Stage stage(long intendedNanos) {
            return clock.stage(intendedNanos);
        }

        /** The arrivals of several generators come at different times, and their windows are to open at one. */
        @Override
        public boolean askedBetween() {
            return plan.requests().format().share().several();
        }

        @Override
        public void arrived(long intendedNanos, Stage stage, int waiting) {
            requests.arrived(intendedNanos, stage, waiting);
        }

        @Override
        public void notSent(long intendedNanos, Stage stage) {
            requests.notSent(intendedNanos, stage);
        }
    }

    /** A user of this open level takes the next arrival. */
    void idle(Consumer<Dispatcher.Arrival> user) {
        dispatcher.idle(user);
    }

    /** While the level is open. */
    LevelRequests requests() {
        return requests;
    }

    /** Of a request that would be sent now. */
    Stage stage(long nowNanos) {
        return clock.stage(nowNanos);
    }

    /** A check that is to be run later; the level stays open until it is done. */
    Runnable outstanding(Runnable check) {
        outstanding.incrementAndGet();
        return () -> {
            try {
                check.run();
            } finally {
                settled();
            }
        };
    }

    /** Runs a check on another thread. */
    void checkElsewhere(Runnable check) {
        threads.checks().later(check);
    }

    void userLeft() {
        if (present.decrementAndGet() == 0) {
            seen = watches.levelClosed();
        }
        settled();
    }

    private void settled() {
        if (outstanding.decrementAndGet() > 0) {
            return;
        }
        try {
            phase.closed(
                    plan,
                    new LoadPointResult(
                            plan.part(),
                            requests.samples(),
                            requests.replicas(),
                            plan.requests()
                                    .tokenCheck(plan.point())
                                    .limitedTo(plan.expected().tokenLimit()),
                            seen.load(),
                            seen.observations(),
                            host.clock().instant(),
                            List.of()),
                    requests.log());
        } finally {
            closed.countDown();
            requests = null;
            clock = null;
            dispatcher = null;
        }
    }

    /**
     * Waits for the last check of a level whose users have left. A level that does not close is missing among the finished
     * ones.
     */
    void awaitClosed() {
        try {
            if (present.get() == 0) {
                closed.await(CHECKS_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
