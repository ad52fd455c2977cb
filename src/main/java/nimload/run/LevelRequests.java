package nimload.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nimload.emulator.EmbeddedNim;
import nimload.measure.AddedTime;
import nimload.measure.LevelRecorder;
import nimload.measure.LevelSamples;
import nimload.run.AnswerCheck.Failure;
import nimload.run.AnswerCheck.Outcome;
import nimload.run.RequestInFlight.End;
import nimload.run.RequestInFlight.Stage;

/** The requests of an open level: which body is next, how its answer is checked, where its outcome goes. Safe for many threads. */
final class LevelRequests {
    /** One answer in 64 is parsed and compared in full; of the others the structure is checked. */
    static final int FULL_CHECK_EVERY = 64;

    /** Requests that are first sent alone, to compare their answers with those under load. */
    static final int REFERENCES = 2;

    private final List<byte[]> bodies;
    private final AnswerCheck check;
    private final LevelRecorder recorder;
    private final Optional<AddedTime> added;
    private final Map<Integer, AnswerValues> alone = new ConcurrentHashMap<>();
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger measured = new AtomicInteger();

    /** Builds the bodies. */
    LevelRequests(LevelPlan plan, Optional<AddedTime> added) {
        this.bodies = plan.requests().bodiesOf(plan.point());
        this.check = new AnswerCheck(plan.point(), plan.apiKey());
        this.recorder = new LevelRecorder(plan.times().measurement());
        this.added = added;
    }

    /** @param number from 0, below {@link #REFERENCES} */
    RequestInFlight alone(int number, long nowNanos) {
        return RequestInFlight.prepared(Stage.ALONE, number, true, nowNanos);
    }

    RequestInFlight warmUp(long nowNanos) {
        return RequestInFlight.prepared(Stage.WARM_UP, nextTurn(), true, nowNanos);
    }

    RequestInFlight measured(long nowNanos) {
        int number = measured.getAndIncrement();
        boolean full = number % FULL_CHECK_EVERY == 0;
        return RequestInFlight.prepared(
                Stage.MEASUREMENT, full ? number / FULL_CHECK_EVERY % REFERENCES : nextTurn(), full, nowNanos);
    }

    /** Bodies take turns over all users. */
    private int nextTurn() {
        return Math.floorMod(turns.getAndIncrement(), bodies.size());
    }

    byte[] body(RequestInFlight request) {
        return bodies.get(request.body());
    }

    /** The server's own time of an answer; empty if it is not recorded, or not sent. */
    OptionalLong serviceMicros(UnaryOperator<String> header) {
        String text = added.isPresent() ? header.apply(EmbeddedNim.SERVICE_HEADER) : null;
        return text != null && text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The check of an answer, to be run now or later. */
    Supplier<Outcome> check(RequestInFlight request, int status, byte[] answer) {
        if (!request.readInFull()) {
            return () -> check.structure(status, answer);
        }
        Optional<AnswerValues> reference = Optional.ofNullable(alone.get(request.body()));
        return () -> check.values(status, answer, reference);
    }

    /** The time between an answer and the same user's next send. */
    void gap(long nanos) {
        recorder.gap(nanos);
    }

    /** @param request that has ended */
    void record(RequestInFlight request, Outcome outcome) {
        switch (request.stage()) {
            case ALONE -> outcome.values().ifPresent(values -> alone.put(request.body(), values));
            case WARM_UP ->
                outcome.failure().ifPresent(failure -> recorder.warmUpFailure(failure.kind(), failure.detail()));
            case MEASUREMENT -> recordMeasured(request, outcome);
        }
    }

    private void recordMeasured(RequestInFlight request, Outcome outcome) {
        long sent = request.sentNanos().orElseThrow();
        End end = request.end().orElseThrow();
        if (outcome.failure().isPresent()) {
            Failure failure = outcome.failure().get();
            recorder.failure(sent, end.nanos(), failure.kind(), failure.detail());
        } else {
            recorder.success(sent, end.nanos(), outcome.tokens(), request.readInFull());
            added.ifPresent(times -> times.success(end.nanos() - sent, end.serviceMicros()));
        }
    }

    LevelSamples samples() {
        return recorder.samples();
    }
}
