package nimload.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nimload.measure.LoadPointResult;
import nimload.measure.SearchRecorder;
import nimload.plan.ArrivalTimes;
import nimload.plan.LoadPoint;
import nimload.plan.PipelineSettings;
import nimload.results.Searches;
import nimload.run.RequestInFlight.Stage;

/**
 * Searches of a retrieval pipeline while they run: users embed a query, pause, and have passages ranked; others ingest
 * passages meanwhile. Each step is a level; one clock says for all of them what counts, so that a search counts as a whole or
 * not at all.
 *
 * <p>Safe for the threads of its users.
 */
public final class PipelineLevel {
    private final PipelineSettings settings;
    private final long seed;
    private final Level embedding;
    private final Level reranking;
    private final Optional<Level> ingestion;
    private final LevelClock clock;
    private final SearchRecorder recorder;
    private final Optional<Dispatcher> arrivals;
    private final Gate references;
    private final Gate begin;
    private int usersSoFar;
    private final AtomicLong searches = new AtomicLong();
    private final AtomicInteger countedInFlight = new AtomicInteger();
    private final List<LoadPointResult> closed = new ArrayList<>();

    /**
     * The steps of a level.
     *
     * @param ingestion empty for searches alone
     */
    record Plans(LevelPlan embedding, LevelPlan reranking, Optional<LevelPlan> ingestion) {}

    /** @param seed of its arrivals and pauses: the same seed has the same ones */
    PipelineLevel(Plans plans, PipelineSettings settings, long seed, Phase phase, Host host, RunThreads threads) {
        this.settings = settings;
        this.seed = seed;
        this.clock = new LevelClock(plans.embedding().times(), new Together(), phase.warmUp(plans.embedding()));
        this.embedding = level(plans.embedding(), phase, host, threads);
        this.reranking = level(plans.reranking(), phase, host, threads);
        this.ingestion = plans.ingestion().map(plan -> level(plan, phase, host, threads));
        this.recorder =
                new SearchRecorder(plans.embedding().times().measurement(), threads.stalls()::stalledNanos, open());
        this.arrivals = open()
                ? Optional.of(new Dispatcher(
                        new ArrivalTimes(settings.load(), seed),
                        plans.embedding().times().requestTimeout(),
                        new Arriving()))
                : Optional.empty();
        this.references = new Gate(ingestion.isPresent() ? 2 : 1);
        this.begin = new Gate(users());
    }

    private Level level(LevelPlan plan, Phase phase, Host host, RunThreads threads) {
        return new Level(plan, phase, host, threads, plan.point().concurrency(), Optional.of(clock));
    }

    private List<Level> levels() {
        return Stream.concat(Stream.of(embedding, reranking), ingestion.stream())
                .toList();
    }

    /** What all of its levels have in common: {@code ingestion off} or {@code ingestion on}. */
    public String name() {
        return embedding.plan().point().during();
    }

    public LevelPlan embedding() {
        return embedding.plan();
    }

    public LevelPlan reranking() {
        return reranking.plan();
    }

    /** Empty for searches alone. */
    public Optional<LevelPlan> ingestion() {
        return ingestion.map(Level::plan);
    }

    /** Of its steps. */
    List<LevelPlan> plans() {
        return levels().stream().map(Level::plan).toList();
    }

    int steps() {
        return levels().size();
    }

    /** Whether searches begin at set times. */
    public boolean open() {
        return !settings.load().closed();
    }

    /** Those that search, and those that ingest. */
    public int users() {
        return embedding.concurrency() + ingestion.map(Level::concurrency).orElse(0);
    }

    /**
     * One of its users, which lives on one thread at a time. The first ones search, the others ingest.
     *
     * @param loop that runs what the user does
     */
    public synchronized PipelineUser newUser(ScheduledExecutorService loop) {
        return usersSoFar++ < embedding.concurrency()
                ? new PipelineUser(
                        this, List.of(embedding.newUser(loop), reranking.newUser(loop)), loop, System::nanoTime)
                : new PipelineUser(this, List.of(ingestion.orElseThrow().newUser(loop)), loop, System::nanoTime);
    }

    /** Holds the first user that ingests until the first that searches has sent what it sends alone. */
    Gate references() {
        return references;
    }

    /** Holds all users until they have come. */
    Gate begin() {
        return begin;
    }

    Stage stage(long nowNanos) {
        return clock.stage(nowNanos);
    }

    /** A user takes the next search that arrives. */
    void idle(Consumer<Dispatcher.Arrival> user) {
        arrivals.orElseThrow().idle(user);
    }

    /** @param arrival empty where users wait for their answers */
    PipelineSearch begins(Stage stage, Optional<Dispatcher.Arrival> arrival) {
        if (arrival.isEmpty() && stage == Stage.MEASUREMENT) {
            countedInFlight.incrementAndGet();
        }
        return new PipelineSearch(
                stage,
                arrival.stream().mapToLong(Dispatcher.Arrival::intendedNanos).findFirst(),
                arrival.filter(Dispatcher.Arrival::waited).isPresent(),
                reranking.requests().nextBody(),
                settings.search().nanos(seed, searches.getAndIncrement()),
                this::over);
    }

    /** The body of a search's first request: the query that its passages are ranked against. */
    Optional<Body> query(PipelineSearch search) {
        LoadPoint query = embedding.plan().point();
        return query.texts().isPresent()
                ? Optional.empty()
                : Optional.of(embedding.requests().body(search.ranking().number()));
    }

    /** A search that arrived at its time goes on to its second request, which is to be sent at this time. */
    void ranks(Dispatcher.Arrival next) {
        reranking.requests().arrived(next.intendedNanos(), next.stage(), 0);
    }

    private void over(PipelineSearch search) {
        search.times().ifPresent(times -> recorder.answeredRightly(times.rankedNanos()));
        if (search.counts()) {
            search.times()
                    .ifPresentOrElse(
                            times -> recorder.succeeded(times, search.intendedNanos(), search.onTime()),
                            recorder::failed);
            countedInFlight.decrementAndGet();
        }
    }

    /**
     * One of its steps has closed.
     *
     * @return what the searches took; empty while others have not closed
     */
    synchronized Optional<Searches> closed(LoadPointResult step) {
        closed.add(step);
        return closed.size() < steps()
                ? Optional.empty()
                : Optional.of(recorder.searches(
                        name(), ingestion.isPresent() ? settings.ingestionText() : "off", List.copyOf(closed)));
    }

    /** Waits for the last checks of levels whose users have left. */
    void awaitClosed() {
        levels().forEach(Level::awaitClosed);
    }

    /** Where the searches that arrive at a rate go: each is one of its first step, too. */
    private final class Arriving implements Dispatcher.Arrivals {
        @Override
        public Stage stage(long intendedNanos) {
            return clock.stage(intendedNanos);
        }

        @Override
        public void arrived(long intendedNanos, Stage stage, int waiting) {
            embedding.requests().arrived(intendedNanos, stage, waiting);
            if (stage == Stage.MEASUREMENT) {
                countedInFlight.incrementAndGet();
                recorder.arrived(waiting);
            }
        }

        @Override
        public void notSent(long intendedNanos, Stage stage) {
            embedding.requests().notSent(intendedNanos, stage);
            if (stage == Stage.MEASUREMENT) {
                countedInFlight.decrementAndGet();
                recorder.notSent();
            }
        }
    }

    /** What the levels of all steps know together. */
    private final class Together implements LevelClock.Progress {
        private boolean all(Predicate<LevelRequests> holds) {
            return levels().stream().map(Level::requests).allMatch(holds);
        }

        /** A slow ingestion has few requests; it is the searches that are measured. */
        @Override
        public boolean measuredEnough(long nowNanos) {
            return embedding.requests().measuredEnough(nowNanos)
                    && reranking.requests().measuredEnough(nowNanos);
        }

        @Override
        public boolean cooledDown(long nowNanos) {
            return countedInFlight.get() == 0 && all(requests -> requests.cooledDown(nowNanos));
        }

        @Override
        public boolean hopeless(long nowNanos) {
            return !all(requests -> !requests.hopeless(nowNanos));
        }

        @Override
        public void windowOpens(long nowNanos) {
            recorder.open(nowNanos);
            levels().forEach(level -> level.requests().windowOpens(nowNanos));
        }

        @Override
        public void windowCloses(long nowNanos) {
            recorder.close(nowNanos);
            levels().forEach(level -> level.requests().windowCloses(nowNanos));
        }
    }
}
