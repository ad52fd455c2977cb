package nimload.measure;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import nimload.results.Ledger;
import nimload.results.Percentile;
import nimload.statistics.BatchMeans;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/**
 * Takes the outcome of each request of one level. Safe for many threads; a record takes well under a microsecond.
 *
 * <p>All times are on the clock of {@link System#nanoTime()}. A request's time runs from just before its first byte is
 * written on an open connection until the last byte of its answer was read. A request counts if it was sent in the measured
 * window, which users enter and leave while they go on sending. Memory depends on the spread of the latencies, not on their
 * number.
 */
public final class LevelRecorder {
    /** Latencies are kept in microseconds with five digits: exact to 1 µs up to 0.26 s, to 0.001 % above. */
    private static final int DIGITS = 5;

    /** A request that stood still for less than this share of its time is as long as it would have been. */
    private static final double STALLED_SHARE = 0.1;

    private final Histogram latencyMicros = new Histogram(DIGITS);
    private final SliceRecorder slices;
    private final BatchMeans sends = new BatchMeans();
    private final Silence silence;
    private final InFlight inFlight = new InFlight();
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<String, Long> errorsInFull = new TreeMap<>();
    private final Map<String, Long> uncountedErrors = new TreeMap<>();
    private final Map<String, String> firstErrors = new TreeMap<>();
    private OptionalLong openedNanos = OptionalLong.empty();
    private long successes;
    private double sumSquaredMillis;
    private long latencyNanosSum;
    private long tokens;
    private long answersWithTokens;
    private long items;
    private long plannedTokens;
    private int mostItems;
    private long requestBytes;
    private long answerBytes;
    private final Histogram requestTokens = new Histogram(DIGITS);
    private long gapNanosSum;
    private long gaps;
    private long checkedValues;
    private long stalled;
    private boolean lastRoundEnded;
    private final Duration length;
    private final Optional<ResponseRecorder> responses;

    /**
     * Of a closed level.
     *
     * @param length of the window as planned; it may become longer
     * @param stalledNanos for which this client has stood still, on a counter that only grows
     */
    public LevelRecorder(Duration length, LongSupplier stalledNanos) {
        this(length, stalledNanos, false);
    }

    /** @param open whether requests are to be sent at set times */
    public LevelRecorder(Duration length, LongSupplier stalledNanos, boolean open) {
        this(length, new Silence(stalledNanos), open);
    }

    private LevelRecorder(Duration length, Silence silence, boolean open) {
        this.length = length;
        this.responses = open ? Optional.of(new ResponseRecorder(length)) : Optional.empty();
        this.silence = silence;
        this.slices = new SliceRecorder(length.toNanos() / 1e9);
    }

    /** Of a window as long as this one that follows it, while the load goes on: it knows what is in flight. */
    public synchronized LevelRecorder next() {
        return new LevelRecorder(length, silence.next(), responses.isPresent());
    }

    /** The window opens: what is sent from now on counts. */
    public synchronized void open(long nanos) {
        openedNanos = OptionalLong.of(nanos);
        inFlight.open(nanos);
        silence.opens(nanos);
        responses.ifPresent(open -> open.open(nanos));
    }

    /** The window closes: what is sent from now on does not count. */
    public synchronized void close(long nanos) {
        inFlight.close(nanos);
        silence.closes(nanos);
        responses.ifPresent(open -> open.close(nanos));
        if (openedNanos.isPresent()) {
            slices.windowEnds(secondsAfterOpening(nanos));
        }
    }

    /** A counted request of an open level is to be sent now, or as soon as one of {@code waiting} before it is. */
    public synchronized void arrived(int waiting) {
        responses.orElseThrow().arrived(waiting);
    }

    /** A counted request of an open level will not be sent any more. */
    public synchronized void notSent() {
        responses.orElseThrow().notSent();
    }

    /** A counted request of an open level is about to be written, by a user that was free at its time. */
    public synchronized void sent(long intendedNanos, long nanos) {
        responses.orElseThrow().sent(intendedNanos, nanos);
    }

    /** A right answer to a counted request of an open level. */
    public synchronized void responded(long intendedNanos, long answeredNanos) {
        responses.orElseThrow().success(intendedNanos, answeredNanos);
    }

    /** A right answer, to a counted request or not. */
    public synchronized void answeredRightly(long nanos) {
        responses.ifPresent(open -> open.answered(nanos));
    }

    /** A request is on its way, counted or not. */
    public synchronized void sent(long nanos) {
        silence.sent(nanos);
    }

    /** A request has ended, counted or not, rightly or not. */
    public synchronized void ended(long sentNanos, long endNanos) {
        silence.ended(endNanos);
        inFlight.ended(sentNanos, endNanos);
    }

    /**
     * A correct answer to a counted request.
     *
     * @param tokens as the server counted them; empty if it did not say
     * @param valuesChecked whether every value of it was read, not its structure and fingerprint alone
     * @param stalledNanos for which this client stood still meanwhile
     */
    public synchronized void success(
            long sentNanos, long answeredNanos, OptionalLong tokens, boolean valuesChecked, long stalledNanos) {
        long nanos = answeredNanos - sentNanos;
        successes++;
        latencyNanosSum += nanos;
        sumSquaredMillis += (nanos / 1e6) * (nanos / 1e6);
        long micros = (nanos + 500) / 1000;
        latencyMicros.recordValue(micros);
        slices.success(secondsAfterOpening(answeredNanos), micros);
        if (successes > 1) {
            // The window opens with a send and closes with one: rounds lie between, so the first begins and the last
            // ends them.
            sends.add(secondsAfterOpening(sentNanos));
        }
        if (tokens.isPresent()) {
            this.tokens += tokens.getAsLong();
            answersWithTokens++;
        }
        if (valuesChecked) {
            checkedValues++;
        }
        if (stalledNanos >= STALLED_SHARE * nanos && stalledNanos > 0) {
            stalled++;
        }
    }

    /**
     * How large a counted request with a right answer was.
     *
     * @param count of texts or passages
     * @param planned tokens as it was built; 0: not planned
     * @param tokens as the server counted them; empty if it did not say
     * @param requestBytes of its body
     * @param answerBytes of its answer's body
     */
    public synchronized void size(int count, long planned, OptionalLong tokens, long requestBytes, long answerBytes) {
        this.requestBytes += requestBytes;
        this.answerBytes += answerBytes;
        items += count;
        plannedTokens += planned;
        mostItems = Math.max(mostItems, count);
        tokens.ifPresent(requestTokens::recordValue);
    }

    /**
     * A counted request that failed.
     *
     * @param detail for people; the first of each kind is kept
     * @param inFull whether only reading every value of its answer showed it
     */
    public synchronized void failure(long endNanos, ErrorKind kind, String detail, boolean inFull) {
        slices.failure(secondsAfterOpening(endNanos));
        errors.merge(kind.key(), 1L, Long::sum);
        firstErrors.putIfAbsent(kind.key(), detail);
        if (inFull) {
            errorsInFull.merge(kind.key(), 1L, Long::sum);
            checkedValues++;
        }
    }

    /** A request that does not count failed: not part of the measurement, but a reason to doubt it. */
    public synchronized void uncountedFailure(ErrorKind kind, String detail) {
        uncountedErrors.merge(kind.key(), 1L, Long::sum);
        firstErrors.putIfAbsent(kind.key(), detail);
    }

    /** The time between an answer and the same user's next send: the client's own share of a closed loop. */
    public synchronized void gap(long nanos) {
        gaps++;
        gapNanosSum += nanos;
    }

    /** So far. */
    public synchronized long successes() {
        return successes;
    }

    /**
     * Whether the 95 % intervals of p50, p95 and requests per second reach no further than this to each side, on average of
     * both; of an open level those of response times and right answers per second, which it reports. Takes milliseconds.
     *
     * @param share of the value, 0.02 = 2 %
     */
    public synchronized boolean preciseTo(double share, long nowNanos) {
        double seconds = secondsAfterOpening(nowNanos);
        return responses
                .map(open -> narrow(open.interval(seconds), open.perSecond(seconds), share)
                        && narrow(open.percentiles(), share))
                .orElseGet(() ->
                        narrow(sends.interval(seconds), successes / seconds, share) && narrow(percentiles(), share));
    }

    private static boolean narrow(Map<Percentile, Percentiles.Reported> percentiles, double share) {
        return Stream.of(Percentile.P50, Percentile.P95).allMatch(percentile -> {
            Optional<Percentiles.Reported> reported = Optional.ofNullable(percentiles.get(percentile));
            return reported.isPresent()
                    && narrow(
                            reported.map(Percentiles.Reported::interval),
                            reported.get().millis(),
                            share);
        });
    }

    private static boolean narrow(Optional<Interval> interval, double value, double share) {
        return interval.isPresent()
                && interval.get().low().isPresent()
                && interval.get().high().isPresent()
                && interval.get().high().getAsDouble() - interval.get().low().getAsDouble() <= 2 * share * value;
    }

    private Map<Percentile, Percentiles.Reported> percentiles() {
        return Percentiles.reported(
                latencyMicros, (percentile, micros) -> slices.inflation(micros), slices.slices(), true);
    }

    private double secondsAfterOpening(long nanos) {
        return (nanos - openedNanos.orElseThrow()) / 1e9;
    }

    /**
     * @param ledger of all requests
     * @param repeats what came of the bodies that were sent again
     */
    public synchronized LevelSamples samples(Ledger ledger, RepeatsSeen repeats, Findings findings) {
        long window = inFlight.windowNanos();
        if (successes > 0 && !lastRoundEnded) {
            lastRoundEnded = true;
            sends.add(window / 1e9);
        }
        Optional<ResponseSamples> open = responses.map(ResponseRecorder::samples);
        return new LevelSamples(
                LevelSamples.packed(latencyMicros),
                percentiles(),
                slices.slices(),
                open.isPresent() ? open.get().answeredInterval() : sends.interval(window / 1e9),
                successes,
                latencyNanosSum,
                sumSquaredMillis,
                inFlight.nanosSum(),
                window,
                new Failures(errors, errorsInFull, uncountedErrors, firstErrors),
                answersWithTokens == successes && successes > 0 ? OptionalLong.of(tokens) : OptionalLong.empty(),
                gaps == 0 ? OptionalLong.empty() : OptionalLong.of(gapNanosSum / gaps),
                new RequestSizes(
                        items, plannedTokens, mostItems, LevelSamples.packed(requestTokens), requestBytes, answerBytes),
                checkedValues,
                stalled,
                silence.longest(),
                ledger,
                repeats,
                findings,
                open);
    }
}
