package nimload.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import nimload.emulator.EmbeddedNim;
import nimload.measure.AddedTime;
import nimload.measure.ErrorKind;
import nimload.measure.Findings;
import nimload.measure.LedgerBook;
import nimload.measure.LevelRecorder;
import nimload.measure.LevelSamples;
import nimload.measure.ReplicaRecorder;
import nimload.measure.ReplicaSamples;
import nimload.measure.RequestLog;
import nimload.measure.StallClock;
import nimload.plan.OwnTexts;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.Body.Arrangement;
import nimload.run.Dispatcher.Arrival;
import nimload.run.References.Reference;
import nimload.run.RequestInFlight.End;
import nimload.run.RequestInFlight.Stage;

/**
 * The requests of an open level, all of them: which body is next, how its answer is checked, where its outcome goes. Safe for
 * many threads.
 */
final class LevelRequests implements LevelClock.Progress {
    /** Of one answer in 64 every value is read; of the others the structure and the fingerprint. */
    static final int FULL_CHECK_EVERY = 64;

    /** One of four after the window is new, so that a cache is not taken for a server that has become faster meanwhile. */
    private static final int NEW_AMONG_REPEATS = 4;

    /** A server that only fails, and at once, is given up after as many failures and as much time. */
    private static final int HOPELESS_FAILURES = 20;

    private static final Duration HOPELESS_TIME = Duration.ofSeconds(3);

    /** Of a level of hours, whose server may restart, and load its model, meanwhile. */
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(15);

    /** How precise the level is takes milliseconds to see. */
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final LevelPlan plan;
    private final Bodies bodies;
    private final boolean textsRepeat;
    private final AnswerCheck check;
    private final References references;
    private final Repeats repeats = new Repeats();
    private final RecentAnswers recent = new RecentAnswers();
    private final LevelRecorder recorder;
    private final RequestLog log = new RequestLog();
    private final Optional<AddedTime> added;
    private final StallClock stalls;
    private final LevelWatches watches;
    private final Optional<Judge> judge;
    private final Optional<SliceRecorders> slices;
    private final LedgerBook ledger = new LedgerBook();
    /** One per replica, of a level with several; else none. */
    private final List<ReplicaRecorder> replicas;

    private final AtomicInteger prepared = new AtomicInteger();
    private final AtomicInteger cooling = new AtomicInteger();
    private final AtomicInteger countedInFlight = new AtomicInteger();
    private final AtomicInteger failedInARow = new AtomicInteger();
    private volatile long lastRightNanos = System.nanoTime();
    private long openedNanos;
    private volatile long closedNanos;
    /** Known once the window is closed. */
    private volatile long comparisonNanos;

    private volatile boolean answersDiffer = true;
    private volatile boolean givenUp;
    private volatile boolean precise;
    private volatile long lookedNanos = System.nanoTime();

    /** Builds the first bodies. */
    LevelRequests(
            LevelPlan plan,
            Optional<AddedTime> added,
            Optional<Judge> judge,
            Optional<SliceRecorders> slices,
            RunThreads threads,
            LevelWatches watches) {
        this.plan = plan;
        this.textsRepeat = plan.requests().textsRepeat(plan.point());
        this.bodies = plan.bodies(threads.bodies());
        this.check = plan.answerCheck();
        this.references = new References(
                bodies.again(0, Arrangement.WHOLE).items(), plan.requests().referencesDiffer(plan.point()));
        this.replicas = plan.servers().size() == 1 ? List.of() : recorders(plan);
        this.recorder = new LevelRecorder(plan.times().measurement(), threads.stalls()::stalledNanos, plan.open());
        this.added = added;
        this.judge = judge;
        this.slices = slices;
        this.stalls = threads.stalls();
        this.watches = watches;
    }

    private static List<ReplicaRecorder> recorders(LevelPlan plan) {
        int[] users = new int[plan.servers().size()];
        IntStream.range(0, plan.users()).forEach(user -> users[plan.replicaOf(user)]++);
        return IntStream.range(0, users.length)
                .mapToObj(
                        number -> new ReplicaRecorder(plan.servers().get(number).toString(), users[number]))
                .toList();
    }

    private Optional<ReplicaRecorder> replica(int user) {
        return replicas.isEmpty() ? Optional.empty() : Optional.of(replicas.get(plan.replicaOf(user)));
    }

    /** Those that one user sends alone. */
    List<Reference> references() {
        return references.planned();
    }

    RequestInFlight alone(Reference reference, long nowNanos) {
        return RequestInFlight.prepared(
                Stage.ALONE, bodies.again(reference.number(), reference.arrangement()), true, nowNanos);
    }

    /**
     * A request of an open level is to be sent.
     *
     * @param waiting how many wait for a user, this one included if it does
     */
    void arrived(long intendedNanos, Stage stage, int waiting) {
        if (stage == Stage.MEASUREMENT) {
            countedInFlight.incrementAndGet();
            judge.ifPresent(one -> one.arrived(intendedNanos - openedNanos));
            recorder.arrived(waiting);
            slices.ifPresent(cut -> cut.arrived(intendedNanos, waiting));
        }
    }

    /** A request of an open level that waited too long for a user, or when the level ended. */
    void notSent(long intendedNanos, Stage stage) {
        if (stage == Stage.MEASUREMENT) {
            countedInFlight.decrementAndGet();
            recorder.notSent();
            slices.ifPresent(cut -> cut.notSent(intendedNanos));
        }
    }

    /** The next request of an open level. */
    RequestInFlight next(Arrival arrival, Optional<Body> chosen, long nowNanos) {
        return prepared(arrival.stage(), chosen, nowNanos).intended(arrival.intendedNanos());
    }

    /**
     * @param stage other than {@link Stage#ALONE} and {@link Stage#OVER}
     * @param chosen its body; empty: the next one
     */
    RequestInFlight next(Stage stage, Optional<Body> chosen, long nowNanos) {
        if (stage == Stage.MEASUREMENT) {
            countedInFlight.incrementAndGet();
        }
        return prepared(stage, chosen, nowNanos);
    }

    private RequestInFlight prepared(Stage stage, Optional<Body> chosen, long nowNanos) {
        boolean full = prepared.getAndIncrement() % FULL_CHECK_EVERY == 0;
        if (chosen.isPresent()) {
            return RequestInFlight.prepared(stage, chosen.get(), full, nowNanos);
        }
        OptionalInt again =
                stage == Stage.COOL_DOWN && comparing(nowNanos) && cooling.incrementAndGet() % NEW_AMONG_REPEATS != 0
                        ? repeats.next()
                        : OptionalInt.empty();
        if (again.isPresent()) {
            return RequestInFlight.again(bodies.again(again.getAsInt(), Arrangement.WHOLE), full, nowNanos);
        }
        return RequestInFlight.prepared(stage, bodies.next(), full, nowNanos);
    }

    /** Chooses the next body, to be sent later. */
    Body nextBody() {
        return bodies.next();
    }

    /** The body of a number that is not sent in turn. */
    Body body(int number) {
        return bodies.again(number, Arrangement.WHOLE);
    }

    private boolean comparing(long nowNanos) {
        return nowNanos - closedNanos < comparisonNanos;
    }

    /** It is about to be written. */
    void sent(int user, long nowNanos) {
        ledger.sent();
        replica(user).ifPresent(replica -> replica.ledger().sent());
        recorder.sent(nowNanos);
        slices.ifPresent(cut -> cut.sent(nowNanos));
    }

    /** A counted request of an open level is about to be written, by a user that was free at its time. */
    void sentAtItsTime(long intendedNanos, long nowNanos) {
        recorder.sent(intendedNanos, nowNanos);
        slices.ifPresent(cut -> cut.sentAtItsTime(intendedNanos, nowNanos));
    }

    /** Its connection had been closed while it was idle, so it is written a second time. */
    void sentAgain(int user) {
        ledger.sentAgain();
        replica(user).ifPresent(replica -> replica.ledger().sentAgain());
    }

    /** Since its start, this client has stood still for so long. */
    long stalledNanos() {
        return stalls.stalledNanos();
    }

    /** The server's own time of an answer; empty if it is not recorded, or not sent. */
    OptionalLong serviceMicros(UnaryOperator<String> header) {
        String text = added.isPresent() ? header.apply(EmbeddedNim.SERVICE_HEADER) : null;
        return text != null && text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /**
     * The check of an answer, to be run now or later, once.
     *
     * @param framed whether the server said how long the answer is
     */
    Supplier<Outcome> check(RequestInFlight request, int status, boolean framed, byte[] answer) {
        return () -> compared(
                request, check.of(status, framed, answer, request.body().items(), request.readInFull()));
    }

    /** With what other answers tell of this one. */
    private Outcome compared(RequestInFlight request, Outcome outcome) {
        if (!outcome.right() || request.stage() == Stage.ALONE) {
            return outcome;
        }
        Fingerprint answer = outcome.fingerprint().orElseThrow();
        int number = request.body().number();
        if (request.again()) {
            return repeats.differenceFrom(number, answer)
                    .map(difference -> Outcome.failed(ErrorKind.WRONG_ANSWER, difference))
                    .orElse(outcome);
        }
        // The user's texts may hold one text twice.
        if (answersDiffer
                && !textsRepeat
                && plan.point().texts().isEmpty()
                && recent.other(number, answer).isPresent()) {
            return Outcome.failed(ErrorKind.WRONG_ANSWER, "the answer to another request's text");
        }
        return outcome;
    }

    /** The time between an answer and the same user's next send. */
    void gap(long nanos) {
        recorder.gap(nanos);
    }

    /** Its answer or failure has come; whether it is right may be found later. */
    void ended(int user, RequestInFlight request) {
        if (request.wasSent()) {
            long sent = request.sentNanos().orElseThrow();
            long ended = request.end().orElseThrow().nanos();
            recorder.ended(sent, ended);
            slices.ifPresent(cut -> cut.ended(sent, ended));
            replica(user).ifPresent(replica -> replica.ended(sent, ended));
        }
    }

    /**
     * @param user its number
     * @param request that has ended
     */
    void record(int user, RequestInFlight request, Outcome outcome) {
        End end = request.end().orElseThrow();
        ledger.ended(request.wasSent(), outcome.right());
        replica(user).ifPresent(replica -> replica.ledger().ended(request.wasSent(), outcome.right()));
        if (outcome.right()) {
            failedInARow.set(0);
            lastRightNanos = end.nanos();
            recorder.answeredRightly(end.nanos());
            slices.ifPresent(cut -> cut.answeredRightly(end.nanos()));
        } else {
            failedInARow.incrementAndGet();
        }
        switch (request.stage()) {
            case ALONE -> recordAlone(request, outcome);
            case MEASUREMENT -> recordMeasured(user, request, end, outcome);
            default -> recordUncounted(request, end, outcome);
        }
    }

    private void recordAlone(RequestInFlight request, Outcome outcome) {
        Reference reference =
                new Reference(request.body().number(), request.body().arrangement());
        outcome.values().ifPresent(values -> references.answered(reference, values));
        if (reference.arrangement() == Arrangement.WHOLE) {
            // Sent again after the window like the measured ones: the model may change in the warm-up.
            outcome.fingerprint().ifPresent(answer -> repeats.first(reference.number(), answer));
        }
        outcome.failure().ifPresent(failure -> recorder.uncountedFailure(failure.kind(), failure.detail()));
        answersDiffer = references.allAlike().isEmpty();
    }

    private void recordUncounted(RequestInFlight request, End end, Outcome outcome) {
        if (request.stage() == Stage.COOL_DOWN && outcome.right()) {
            long nanos = end.nanos() - request.sentNanos().orElseThrow();
            if (request.again()) {
                repeats.answered(nanos);
            } else {
                repeats.answeredNew(nanos);
            }
        }
        outcome.failure().ifPresent(failure -> recorder.uncountedFailure(failure.kind(), failure.detail()));
    }

    private void recordMeasured(int user, RequestInFlight request, End end, Outcome outcome) {
        if (outcome.right()) {
            long sent = request.sentNanos().orElseThrow();
            recorder.success(sent, end.nanos(), outcome.tokens(), request.readInFull(), request.stalledNanos());
            replica(user).ifPresent(replica -> replica.success(end.nanos() - sent));
            recorder.size(
                    request.body().items(),
                    request.body().tokens(),
                    outcome.tokens(),
                    request.body().bytes().length,
                    end.answerBytes());
            repeats.first(request.body().number(), outcome.fingerprint().orElseThrow());
            added.ifPresent(times -> times.success(end.nanos() - sent, end.serviceMicros()));
        } else {
            Failure failure = outcome.failure().orElseThrow();
            recorder.failure(end.nanos(), failure.kind(), failure.detail(), failure.inFull());
            replica(user).ifPresent(ReplicaRecorder::failure);
        }
        request.intendedNanos().ifPresent(intended -> {
            if (outcome.right()) {
                recorder.responded(intended, end.nanos());
            }
        });
        slices.ifPresent(cut -> cut.measured(request, outcome));
        judge.ifPresent(one -> one.ended(
                request.intendedNanos().orElse(request.sentNanos().orElseThrow()) - openedNanos,
                end.nanos() - openedNanos,
                outcome.right()));
        log.ended(
                request.sentNanos().orElseThrow(),
                end.nanos(),
                user,
                request.body().number(),
                outcome.failure().map(failure -> failure.kind().key()).orElse(""));
        countedInFlight.decrementAndGet();
    }

    @Override
    public boolean measuredEnough(long nowNanos) {
        if (judge.isPresent()) {
            return judge.get().decided();
        }
        if (recorder.successes() < plan.times().samples()) {
            return false;
        }
        if (plan.times().precision().isEmpty()) {
            return true;
        }
        if (nowNanos - lookedNanos < LOOK_EVERY_NANOS) {
            return false;
        }
        lookedNanos = nowNanos;
        precise = recorder.preciseTo(plan.times().precision().getAsDouble(), nowNanos);
        return precise;
    }

    @Override
    public boolean cooledDown(long nowNanos) {
        return collapsed() || countedInFlight.get() == 0 && !(comparing(nowNanos) && repeats.anyLeft());
    }

    private boolean collapsed() {
        return judge.filter(Judge::collapsed).isPresent();
    }

    @Override
    public boolean hopeless(long nowNanos) {
        int failed = failedInARow.get();
        long nanos = nowNanos - lastRightNanos;
        if (slices.isPresent()) {
            givenUp = failed >= HOPELESS_FAILURES && nanos >= LONGEST_OUTAGE.toNanos();
            return givenUp;
        }
        givenUp = failed >= HOPELESS_FAILURES && nanos >= HOPELESS_TIME.toNanos()
                || failed >= plan.users()
                        && nanos >= plan.times().requestTimeout().toNanos();
        return givenUp;
    }

    @Override
    public void windowOpens(long nowNanos) {
        openedNanos = nowNanos;
        recorder.open(nowNanos);
        slices.ifPresent(cut -> cut.windowOpens(nowNanos));
        replicas.forEach(replica -> replica.open(nowNanos));
        log.open(nowNanos);
        watches.windowOpens();
    }

    @Override
    public void windowCloses(long nowNanos) {
        closedNanos = nowNanos;
        comparisonNanos = plan.times().comparisonAfter(nowNanos - openedNanos);
        recorder.close(nowNanos);
        slices.ifPresent(cut -> cut.windowCloses(nowNanos));
        replicas.forEach(replica -> replica.close(nowNanos));
        watches.windowCloses();
    }

    LevelSamples samples() {
        return recorder.samples(
                ledger.ledger(),
                repeats.seen(),
                new Findings(references.problems(), severalServers(), remarks(), givenUp));
    }

    /** Each replica's share, of a level with several; else none. */
    List<ReplicaSamples> replicas() {
        return replicas.stream().map(ReplicaRecorder::samples).toList();
    }

    private Optional<String> severalServers() {
        return plan.balancer().filter(balancer -> !balancer.perRequest()).map(Balancer::evidence);
    }

    private List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        plan.balancer()
                .filter(Balancer::perRequest)
                .ifPresent(balancer -> remarks.add("a balancer deals out requests to several servers"));
        if (textsRepeat) {
            remarks.add("texts of so few tokens repeat: the server may have seen them before");
        }
        plan.point().texts().flatMap(this::sentOften).ifPresent(remarks::add);
        if (plan.times().precision().isPresent() && !precise) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "nim.precision=%.1f%% not reached within nim.maxDuration",
                    100 * plan.times().precision().getAsDouble()));
        }
        return remarks;
    }

    private Optional<String> sentOften(OwnTexts texts) {
        // The other generators send as many, from the same file.
        int generators = plan.requests().format().share().of();
        long sent = (long) bodies.handedOut() * generators * texts.linesPerRequest();
        long times = (sent + texts.lines() - 1) / texts.lines();
        return times == 1
                ? Optional.empty()
                : Optional.of("texts were sent again: " + texts.file() + " has " + texts.lines()
                        + " lines, and each was sent up to " + times + " times, so a cache may know them");
    }

    /** Its counted requests. */
    RequestLog log() {
        return log;
    }
}
