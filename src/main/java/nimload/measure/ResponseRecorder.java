package nimload.measure;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import nimload.results.Percentile;
import nimload.statistics.BatchMeans;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/**
 * The requests of an open level by when they were to be sent: their response times, how late the client sent them, and the
 * rate of right answers. Not safe for several threads; times are of {@link System#nanoTime()}.
 */
final class ResponseRecorder {
    /** As exact as latencies. */
    private static final int DIGITS = 5;

    private final Histogram responseMicros = new Histogram(DIGITS);
    private final Histogram lagMicros = new Histogram(DIGITS);
    private final SliceRecorder slices;
    private final BatchMeans answers = new BatchMeans();
    private OptionalLong openedNanos = OptionalLong.empty();
    private OptionalLong closedNanos = OptionalLong.empty();
    private long arrivals;
    private long notSent;
    private int mostWaiting;
    private long answered;

    ResponseRecorder(Duration length) {
        this.slices = new SliceRecorder(length.toNanos() / 1e9);
    }

    void open(long nanos) {
        openedNanos = OptionalLong.of(nanos);
    }

    void close(long nanos) {
        closedNanos = OptionalLong.of(nanos);
        openedNanos.ifPresent(opened -> slices.windowEnds((nanos - opened) / 1e9));
    }

    /** @param waiting arrivals that wait since all users are busy, this one included if it does */
    void arrived(int waiting) {
        arrivals++;
        mostWaiting = Math.max(mostWaiting, waiting);
    }

    void notSent() {
        notSent++;
    }

    /** A counted request that a user was free to send at its time. */
    void sent(long intendedNanos, long sentNanos) {
        lagMicros.recordValue(micros(sentNanos - intendedNanos));
    }

    /** A right answer to a counted request. */
    void success(long intendedNanos, long answeredNanos) {
        long micros = micros(answeredNanos - intendedNanos);
        responseMicros.recordValue(micros);
        slices.success((answeredNanos - openedNanos.orElseThrow()) / 1e9, micros);
    }

    /** A right answer to any request. */
    void answered(long nanos) {
        boolean open = openedNanos.isPresent() && nanos - openedNanos.getAsLong() >= 0;
        if (open && (closedNanos.isEmpty() || nanos - closedNanos.getAsLong() <= 0)) {
            answered++;
            answers.add((nanos - openedNanos.getAsLong()) / 1e9);
        }
    }

    /** Right answers, until so long after the window opened. */
    double perSecond(double seconds) {
        return answered / seconds;
    }

    /** Likewise. */
    Optional<Interval> interval(double seconds) {
        return answers.interval(seconds);
    }

    /** Of response times. */
    Map<Percentile, Percentiles.Reported> percentiles() {
        return Percentiles.reported(
                responseMicros, (percentile, micros) -> slices.inflation(micros), slices.slices(), true);
    }

    private static long micros(long nanos) {
        return (Math.max(0, nanos) + 500) / 1000;
    }

    ResponseSamples samples() {
        long window = closedNanos.isPresent() && openedNanos.isPresent()
                ? closedNanos.getAsLong() - openedNanos.getAsLong()
                : 0;
        return new ResponseSamples(
                LevelSamples.packed(responseMicros),
                percentiles(),
                LevelSamples.packed(lagMicros),
                arrivals,
                notSent,
                mostWaiting,
                answered,
                interval(window / 1e9),
                window);
    }
}
