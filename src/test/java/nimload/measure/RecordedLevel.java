package nimload.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Estimate;
import nimload.results.Ledger;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.servermetrics.LevelReadings;
import nimload.servermetrics.PrometheusText;
import nimload.servermetrics.Reading;
import nimload.servermetrics.ServerSeen;
import org.HdrHistogram.Histogram;

/** A level's recording made up from given times, for tests: each user's requests follow one another without a gap. */
public final class RecordedLevel {
    /** The zero of the clock means nothing, so it is none. */
    private static final long START = -5_000_000_000L;

    public static final LoadPoint QUERY = new LoadPoint(Workload.QUERY, 20, 0, 1, 1);
    public static final LoadPoint PASSAGE = new LoadPoint(Workload.PASSAGE, 300, 0, 64, 1);
    public static final LoadPoint RERANKING = new LoadPoint(Workload.RERANKING, 512, 512, 10, 1);

    private static final Duration LENGTH = Duration.ofSeconds(5);

    public static final Instant ENDED = Instant.parse("2026-11-22T15:00:00Z");

    private final LevelRecorder recorder = opened(LENGTH, START);
    private OptionalLong tokens = OptionalLong.empty();
    private long now = START;

    /** A recorder of a level whose window is open from {@code nanos} on. */
    public static LevelRecorder opened(Duration length, long nanos) {
        LevelRecorder recorder = new LevelRecorder(length, () -> 0);
        recorder.open(nanos);
        return recorder;
    }

    /** What was recorded until the window closed, of a level that sent nothing else. */
    public static LevelSamples closed(LevelRecorder recorder, long nanos) {
        recorder.close(nanos);
        LevelSamples counted = samples(recorder, new Ledger(0, 0, 0, 0, 0));
        long requests = counted.successes() + counted.errorCount();
        return samples(recorder, new Ledger(requests, 0, counted.successes(), counted.errorCount(), 0));
    }

    private static LevelSamples samples(LevelRecorder recorder, Ledger ledger) {
        return recorder.samples(ledger, new RepeatsSeen(0, 0, new Histogram(3), new Histogram(3)), Findings.NONE);
    }

    /** A counted request and its right answer, of which only structure and fingerprint were read. */
    public static void success(LevelRecorder recorder, long sentNanos, long answeredNanos, OptionalLong tokens) {
        recorder.sent(sentNanos);
        recorder.ended(sentNanos, answeredNanos);
        recorder.success(sentNanos, answeredNanos, tokens, false, 0);
    }

    /** A counted request that failed. */
    public static void failure(LevelRecorder recorder, long sentNanos, long endNanos, ErrorKind kind, String detail) {
        recorder.sent(sentNanos);
        recorder.ended(sentNanos, endNanos);
        recorder.failure(endNanos, kind, detail, false);
    }

    /** What the following answers say of their tokens. */
    public RecordedLevel tokens(long each) {
        tokens = OptionalLong.of(each);
        return this;
    }

    public RecordedLevel withoutUsage() {
        tokens = OptionalLong.empty();
        return this;
    }

    /** One user's right answers after another. */
    public RecordedLevel answers(LongStream latencyMicros) {
        latencyMicros.forEach(micros -> {
            success(recorder, now, now + micros * 1000, tokens);
            now += micros * 1000;
        });
        return this;
    }

    public RecordedLevel answers(int count, long latencyMicros) {
        return answers(LongStream.generate(() -> latencyMicros).limit(count));
    }

    public RecordedLevel failures(int count, long micros, ErrorKind kind, String detail) {
        for (int i = 0; i < count; i++) {
            failure(recorder, now, now + micros * 1000, kind, detail);
            now += micros * 1000;
        }
        return this;
    }

    /** Time in which nothing is sent. */
    public RecordedLevel gap(long micros) {
        recorder.gap(micros * 1000);
        now += micros * 1000;
        return this;
    }

    /** For what else happens in the level. */
    public LevelRecorder recorder() {
        return recorder;
    }

    public LevelSamples samples() {
        return closed(recorder, now);
    }

    /** Its rate and percentiles, each with its interval as in a result, and nothing else: in a quarter of a result's time. */
    public LevelResults numbers(LoadPoint point) {
        recorder.close(now);
        LevelSamples counted = samples(recorder, new Ledger(0, 0, 0, 0, 0));
        Made.Level level = new Made.Level(point);
        Estimate.of(counted.requestsPerSecond(), counted.rateInterval()).ifPresent(level::requestsPerSecond);
        for (Percentile percentile : Percentile.values()) {
            Estimate.of(counted.percentileMillis(percentile), counted.percentileInterval(percentile))
                    .ifPresent(millis -> level.with(percentile, millis));
        }
        return level.results();
    }

    /** The level's result on an idle machine, every text of as many tokens as asked for. */
    public LoadPointResult result(LoadPoint point) {
        return result(point, new TokenCheck(point.tokensPerItem(), 0, true), OptionalDouble.of(0.25));
    }

    public LoadPointResult result(LoadPoint point, TokenCheck check, OptionalDouble machineCpu) {
        return new LoadPointResult(
                point,
                samples(),
                check,
                new ClientLoad(machineCpu, OptionalDouble.of(0.125)),
                Observations.NONE,
                ENDED);
    }

    /** The level's result beside a server of the same model that counted as many requests. */
    public LoadPointResult besideServer(LoadPoint point, long requestsCounted) {
        LoadPointResult result = result(point);
        String name = "nv_inference_request_success ";
        ServerSeen server = new LevelReadings(
                        "m",
                        Reading.of(0, PrometheusText.parse(name + 0)),
                        List.of(),
                        Optional.of(Reading.of(1, PrometheusText.parse(name + requestsCounted))))
                .meaning(List.of());
        return new LoadPointResult(
                point, result.samples(), result.tokenCheck(), result.machine(), Observations.of(server), ENDED);
    }

    /** 100 answers of 1 to 100 ms, in no order, with the tokens asked for: nothing to object to. */
    public static RecordedLevel clean(LoadPoint point) {
        return new RecordedLevel()
                .tokens((long) point.tokensPerItem() * point.items())
                .answers(LongStream.rangeClosed(1, 100).map(i -> i * 37 % 101 * 1000));
    }
}
