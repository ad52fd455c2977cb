package nimload.run;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import nimload.measure.AddedTime;
import nimload.measure.ClientLoad;
import nimload.measure.CompilerWatch;
import nimload.measure.CpuClock;
import nimload.measure.LevelRecorder;
import nimload.measure.LoadPointResult;
import nimload.measure.Observations;
import nimload.plan.LoadPoint;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;

/**
 * One level while it runs: what its users share. They open it, warm up, measure and leave; when the last
 * has left and the last answer is checked, it closes.
 *
 * <p>Safe for the threads of its users.
 */
public final class Level {
    /** Every so many answers one is read and compared in full; all others are checked for structure. */
    public static final int FULL_CHECK_EVERY = 64;

    /** A warm-up may last so much longer while the JVM still compiles. */
    private static final Duration COMPILER_PATIENCE = Duration.ofSeconds(2);

    /** The few answers that may wait for their check take milliseconds each. */
    private static final Duration CHECKS_PATIENCE = Duration.ofSeconds(30);

    /** Requests of each level that are first sent alone, to compare their answers with those under load. */
    private static final int REFERENCES = 2;

    private static final ThreadPoolExecutor CHECKS = checks();

    private final LevelPlan plan;
    private final Clock clock;
    /** Outermost first; they too only until the level closes. */
    private volatile List<LevelWatch> watches;

    private final Optional<AddedTime> added;
    private final Consumer<Level> onOpen;
    private final Consumer<LoadPointResult> onClose;

    /** Only while the level is open: a run has many levels, and each recorder takes megabytes. */
    private volatile LevelRecorder recorder;

    private final Map<Integer, AnswerValues> alone = new ConcurrentHashMap<>();
    private final AtomicInteger nextBody = new AtomicInteger();
    private final AtomicInteger nextMeasured = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicInteger outstanding;
    private final AtomicInteger measuring;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<byte[]> bodies = List.of();
    private volatile boolean abandoned;
    private Optional<Long> warmUpEndNanos = Optional.empty();
    private Optional<Long> measurementEndNanos = Optional.empty();
    private CompilerWatch compiler;
    private CpuClock cpu;
    private volatile Optional<ClientLoad> load = Optional.empty();
    private volatile Observations seen = Observations.NONE;

    Level(
            LevelPlan plan,
            Clock clock,
            List<LevelWatch> watches,
            Optional<AddedTime> added,
            Consumer<Level> onOpen,
            Consumer<LoadPointResult> onClose) {
        this.plan = plan;
        this.clock = clock;
        this.watches = List.copyOf(watches);
        this.added = added;
        this.measuring = new AtomicInteger(plan.point().concurrency());
        this.onOpen = onOpen;
        this.onClose = onClose;
        this.outstanding = new AtomicInteger(plan.point().concurrency());
    }

    /** Unique in a run. */
    public String name() {
        return plan.name();
    }

    public LoadPoint point() {
        return plan.point();
    }

    /** Where its requests are posted to. */
    public URI url() {
        return plan.url();
    }

    public Duration requestTimeout() {
        return plan.requestTimeout();
    }

    /**
     * Waits until the last answer of a level whose users have left is checked, which may take a moment longer. One that does
     * not close is missing among the finished.
     */
    void awaitClosed() {
        try {
            if (measuring.get() == 0) {
                closed.await(CHECKS_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A user of this level, which lives on one thread at a time.
     *
     * @param loop that runs what the user does
     */
    public VirtualUser newUser(Executor loop) {
        watches.forEach(watch -> watch.userLivesOn(loop));
        return new VirtualUser(this, users.getAndIncrement() == 0);
    }

    /** Done by one user before the others start: builds the bodies. */
    void open() {
        onOpen.accept(this);
        bodies = plan.requests().bodiesOf(point());
        recorder = new LevelRecorder(plan.duration());
    }

    /** Whether the run gave this level up before it began. */
    public boolean abandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /**
     * Whether users are to go on warming up: for the time that was asked for, and after it until the JVM has compiled what
     * became hot. The first user to ask starts the clock for all.
     */
    synchronized boolean warmUpGoesOn() {
        long now = System.nanoTime();
        if (warmUpEndNanos.isEmpty()) {
            warmUpEndNanos = Optional.of(now + plan.warmUp().toNanos());
            compiler = new CompilerWatch(plan.warmUp().plus(COMPILER_PATIENCE));
        }
        return now - warmUpEndNanos.get() < 0 || compiler.busy();
    }

    /** The first user to measure starts the clock for all. */
    synchronized long measurementEndNanos() {
        if (measurementEndNanos.isEmpty()) {
            watches.forEach(LevelWatch::measurementBegins);
            cpu = CpuClock.start();
            measurementEndNanos =
                    Optional.of(System.nanoTime() + plan.duration().toNanos());
        }
        return measurementEndNanos.get();
    }

    /** The outcome without the API key, should a server have echoed it in an error. */
    Outcome withoutKey(Outcome outcome) {
        return plan.apiKey().isEmpty() || outcome.failure().isEmpty()
                ? outcome
                : new Outcome(
                        outcome.failure()
                                .map(failure -> new Failure(
                                        failure.kind(), plan.apiKey().get().hiddenIn(failure.detail()))),
                        outcome.tokens(),
                        outcome.values());
    }

    int references() {
        return REFERENCES;
    }

    byte[] body(int index) {
        return bodies.get(index);
    }

    /** Bodies take turns over all users. */
    int nextBodyIndex() {
        return Math.floorMod(nextBody.getAndIncrement(), bodies.size());
    }

    /** The number of the next measured request of this level, from 0. */
    int nextMeasuredNumber() {
        return nextMeasured.getAndIncrement();
    }

    void keepAlone(int bodyIndex, AnswerValues values) {
        alone.put(bodyIndex, values);
    }

    Optional<AnswerValues> alone(int bodyIndex) {
        return Optional.ofNullable(alone.get(bodyIndex));
    }

    LevelRecorder recorder() {
        return recorder;
    }

    /** Where the server's own time of each request is asked for; empty where it is not. */
    Optional<AddedTime> added() {
        return added;
    }

    /** Runs a check later, on a thread that checks for all levels; the level stays open until it is done. */
    void defer(Runnable check) {
        outstanding.incrementAndGet();
        CHECKS.execute(() -> {
            try {
                check.run();
            } finally {
                settled();
            }
        });
    }

    void userLeft() {
        synchronized (this) {
            if (load.isEmpty()) {
                // The first to leave ends what the machine's load is read for: checks may still be under way.
                load = Optional.of(cpu.stop());
            }
        }
        if (measuring.decrementAndGet() == 0) {
            for (int i = watches.size() - 1; i >= 0; i--) {
                seen = seen.and(watches.get(i).measurementEnded());
            }
        }
        settled();
    }

    private void settled() {
        if (outstanding.decrementAndGet() == 0) {
            try {
                onClose.accept(new LoadPointResult(
                        point(),
                        recorder.samples(),
                        plan.requests().tokenCheck(point()),
                        load.orElseThrow(),
                        seen,
                        clock.instant()));
            } finally {
                closed.countDown();
                bodies = List.of();
                alone.clear();
                watches = List.of();
                recorder = null;
            }
        }
    }

    /** One thread; where it does not keep up, the users check themselves instead of piling up answers. */
    private static ThreadPoolExecutor checks() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(32),
                task -> {
                    Thread thread = new Thread(task, "answer-checks");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }
}
