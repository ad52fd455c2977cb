package nimload.measure;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import nimload.statistics.BatchMeans;
import org.HdrHistogram.Histogram;

/**
 * Takes the outcome of each request of one level. Safe for many threads; a record takes well under a microsecond.
 *
 * <p>All times are on the clock of {@link System#nanoTime()}. A request's time runs from just before its first byte is
 * written on an open connection until the last byte of its answer was read. Memory depends on the spread of the latencies,
 * not on their number.
 */
public final class LevelRecorder {
    /** Latencies are kept in microseconds with five digits: exact to 1 µs up to 0.26 s, to 0.001 % above. */
    private static final int DIGITS = 5;

    private final Histogram latencyMicros = new Histogram(DIGITS);
    private final SliceRecorder slices;
    private final BatchMeans answers = new BatchMeans();
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<String, Long> warmUpErrors = new TreeMap<>();
    private final Map<String, String> firstErrors = new TreeMap<>();
    private long successes;
    private double sumSquaredMillis;
    private long latencyNanosSum;
    private long inFlightNanosSum;
    private long firstSendNanos;
    private long lastAnswerNanos;
    private long startNanos;
    private long finished;
    private long tokens;
    private long answersWithTokens;
    private long gapNanosSum;
    private long gaps;
    private long checkedValues;

    /** @param length for which requests will be sent */
    public LevelRecorder(Duration length) {
        this.slices = new SliceRecorder(length.toNanos() / 1e9);
        slices.windowEnds(length.toNanos() / 1e9);
    }

    /**
     * A correct answer.
     *
     * @param tokens as the server counted them; empty if it did not say
     * @param valuesChecked whether every value of it was read and compared, not its structure alone
     */
    public synchronized void success(long sentNanos, long answeredNanos, OptionalLong tokens, boolean valuesChecked) {
        finish(sentNanos, answeredNanos);
        long nanos = answeredNanos - sentNanos;
        successes++;
        latencyNanosSum += nanos;
        sumSquaredMillis += (nanos / 1e6) * (nanos / 1e6);
        long micros = (nanos + 500) / 1000;
        latencyMicros.recordValue(micros);
        slices.success(secondsAfterStart(answeredNanos), micros);
        answers.add(secondsAfterStart(answeredNanos));
        if (tokens.isPresent()) {
            this.tokens += tokens.getAsLong();
            answersWithTokens++;
        }
        if (valuesChecked) {
            checkedValues++;
        }
    }

    /**
     * A failed request.
     *
     * @param detail for people; the first of each kind is kept
     */
    public synchronized void failure(long sentNanos, long endNanos, ErrorKind kind, String detail) {
        finish(sentNanos, endNanos);
        slices.failure(secondsAfterStart(endNanos));
        errors.merge(kind.key(), 1L, Long::sum);
        firstErrors.putIfAbsent(kind.key(), detail);
    }

    /** A request of the warm-up failed: not part of the measurement, but a reason to doubt it. */
    public synchronized void warmUpFailure(ErrorKind kind, String detail) {
        warmUpErrors.merge(kind.key(), 1L, Long::sum);
        firstErrors.putIfAbsent(kind.key(), detail);
    }

    /** The time between an answer and the same user's next send: the client's own share of a closed loop. */
    public synchronized void gap(long nanos) {
        gaps++;
        gapNanosSum += nanos;
    }

    private void finish(long sentNanos, long endNanos) {
        if (finished == 0) {
            startNanos = sentNanos;
        }
        if (finished == 0 || sentNanos - firstSendNanos < 0) {
            firstSendNanos = sentNanos;
        }
        if (finished == 0 || endNanos - lastAnswerNanos > 0) {
            lastAnswerNanos = endNanos;
        }
        finished++;
        inFlightNanosSum += endNanos - sentNanos;
    }

    private double secondsAfterStart(long nanos) {
        return (nanos - startNanos) / 1e9;
    }

    public synchronized LevelSamples samples() {
        return new LevelSamples(
                LevelSamples.packed(latencyMicros),
                Percentiles.reported(latencyMicros, (percentile, micros) -> slices.inflation(micros)),
                slices.slices(),
                answers.interval(secondsAfterStart(lastAnswerNanos)),
                successes,
                latencyNanosSum,
                sumSquaredMillis,
                inFlightNanosSum,
                finished == 0 ? 0 : lastAnswerNanos - firstSendNanos,
                new Failures(errors, warmUpErrors, firstErrors),
                answersWithTokens == successes && successes > 0 ? OptionalLong.of(tokens) : OptionalLong.empty(),
                gaps == 0 ? OptionalLong.empty() : OptionalLong.of(gapNanosSum / gaps),
                checkedValues);
    }
}
