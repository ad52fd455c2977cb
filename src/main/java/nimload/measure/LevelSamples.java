package nimload.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import nimload.measure.Percentiles.Reported;
import nimload.results.Ledger;
import nimload.results.Percentile;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/**
 * What was recorded in one level.
 *
 * @param latencyMicros successful requests only, µs; packed, since a run keeps one per level
 * @param percentiles the reported ones, for which there are enough samples
 * @param slices the level's parts in time, in order
 * @param rateInterval 95 % interval of {@link #requestsPerSecond}; empty for too few answers
 * @param successes successful requests
 * @param latencyNanosSum of successful requests
 * @param sumSquaredMillis of successful requests' latencies, ms²
 * @param inFlightNanosSum time in flight within the window, of all requests, counted or not
 * @param windowNanos from the window's opening to its closing
 * @param tokens counted by the server over all successful requests; empty unless every answer had a count
 * @param meanGapNanos between an answer and the same user's next send; empty if no user sent twice
 * @param sizes of the successful requests
 * @param valuesChecked answers of which every value was read
 * @param stalled successful requests during which this client stood still for a tenth of their time or more
 * @param silence the longest; empty if nothing ended in the window
 * @param ledger of all requests, counted or not
 * @param repeats measured bodies that were sent again after the window
 * @param findings besides the requests' outcomes
 * @param responses of an open level, by when its requests were to be sent; empty for a closed one
 */
public record LevelSamples(
        Histogram latencyMicros,
        Map<Percentile, Reported> percentiles,
        List<LevelSlice> slices,
        Optional<Interval> rateInterval,
        long successes,
        long latencyNanosSum,
        double sumSquaredMillis,
        long inFlightNanosSum,
        long windowNanos,
        Failures failures,
        OptionalLong tokens,
        OptionalLong meanGapNanos,
        RequestSizes sizes,
        long valuesChecked,
        long stalled,
        Optional<Silence.Longest> silence,
        Ledger ledger,
        RepeatsSeen repeats,
        Findings findings,
        Optional<ResponseSamples> responses) {

    /** A corrected percentile that is further off is worth a word. */
    private static final double MUCH = 1.1;

    public long errorCount() {
        return failures.count();
    }

    /**
     * The latency in ms that {@code percentile} per cent of the requests did not exceed, by nearest rank, so one that was
     * observed. Empty where there are too few samples for it to mean anything: fewer than 1 / (1 − percentile / 100), 100
     * for p99.
     */
    public OptionalDouble percentileMillis(Percentile percentile) {
        return percentiles.containsKey(percentile)
                ? OptionalDouble.of(percentiles.get(percentile).millis())
                : Percentiles.millis(latencyMicros, percentile);
    }

    /** The 95 % interval of a reported percentile in ms; empty where the percentile is. */
    public Optional<Interval> percentileInterval(Percentile percentile) {
        return Optional.ofNullable(percentiles.get(percentile)).map(Reported::interval);
    }

    public OptionalDouble meanMillis() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyNanosSum / 1e6 / successes);
    }

    /** Of the sample (n − 1); empty for fewer than two. */
    public OptionalDouble standardDeviationMillis() {
        if (successes < 2) {
            return OptionalDouble.empty();
        }
        double mean = latencyNanosSum / 1e6 / successes;
        return OptionalDouble.of(
                Math.sqrt(Math.max(0, (sumSquaredMillis - successes * mean * mean) / (successes - 1))));
    }

    public OptionalDouble minMillis() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyMicros.getMinValue() / 1e3);
    }

    public OptionalDouble maxMillis() {
        return successes == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyMicros.getMaxValue() / 1e3);
    }

    /** Counted requests that were answered at all, rightly or not. */
    long answersChecked() {
        return successes + failures.answeredWrongly();
    }

    /**
     * p99 in ms if every user had sent at its usual pace while it waited for a long answer, as people do who do not wait for
     * one another: each answer that took longer than the median, and the gap after it, stands for those that it delayed
     * (Tene's correction for coordinated omission). Empty unless it is over a tenth above p99, and for an open level, of which
     * it is measured.
     */
    OptionalDouble p99IfUsersDidNotWaitMillis() {
        OptionalDouble p99 = percentileMillis(Percentile.P99);
        OptionalDouble p50 = percentileMillis(Percentile.P50);
        if (p99.isEmpty() || p50.isEmpty() || responses.isPresent()) {
            return OptionalDouble.empty();
        }
        long pace = Math.max(1, Math.round(p50.getAsDouble() * 1000 + meanGapNanos.orElse(0) / 1e3));
        Histogram corrected = latencyMicros.copyCorrectedForCoordinatedOmission(pace);
        OptionalDouble unwaited = Percentiles.millis(corrected, Percentile.P99);
        return unwaited.isPresent() && unwaited.getAsDouble() > MUCH * p99.getAsDouble()
                ? unwaited
                : OptionalDouble.empty();
    }

    /**
     * Successful requests per second of the window; of an open level the right answers that came in it, since requests of
     * the window may be answered long after it.
     */
    public OptionalDouble requestsPerSecond() {
        if (responses.isPresent()) {
            return responses.get().answeredPerSecond();
        }
        return successes == 0 || windowNanos == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(successes / (windowNanos / 1e9));
    }

    /** Mean requests in flight in the window. */
    public OptionalDouble achievedConcurrency() {
        return windowNanos == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) inFlightNanosSum / windowNanos);
    }

    /** Several recordings of the same level as one. */
    static LevelSamples together(List<LevelSamples> runs) {
        Histogram latencyMicros = new Histogram(runs.get(0).latencyMicros.getNumberOfSignificantValueDigits());
        List<LevelSlice> slices = new ArrayList<>();
        for (LevelSamples run : runs) {
            latencyMicros.add(run.latencyMicros);
            slices.addAll(run.slices);
        }
        return new LevelSamples(
                packed(latencyMicros),
                Percentiles.reported(latencyMicros, (percentile, micros) -> inflation(runs, percentile), slices, false),
                slices,
                RepeatedLevel.rateInterval(runs),
                sum(runs, LevelSamples::successes),
                sum(runs, LevelSamples::latencyNanosSum),
                runs.stream().mapToDouble(LevelSamples::sumSquaredMillis).sum(),
                sum(runs, LevelSamples::inFlightNanosSum),
                sum(runs, LevelSamples::windowNanos),
                Failures.together(runs.stream().map(LevelSamples::failures).toList()),
                runs.stream().allMatch(run -> run.tokens.isPresent())
                        ? OptionalLong.of(sum(runs, run -> run.tokens.getAsLong()))
                        : OptionalLong.empty(),
                meanGap(runs),
                RequestSizes.together(runs.stream().map(LevelSamples::sizes).toList()),
                sum(runs, LevelSamples::valuesChecked),
                sum(runs, LevelSamples::stalled),
                runs.stream()
                        .flatMap(run -> run.silence.stream())
                        .max(Comparator.comparingLong(Silence.Longest::nanos)),
                Ledger.together(runs.stream().map(LevelSamples::ledger).toList()),
                RepeatsSeen.together(runs.stream().map(LevelSamples::repeats).toList()),
                Findings.together(runs.stream().map(LevelSamples::findings).toList()),
                // An open level runs once.
                runs.get(runs.size() - 1).responses);
    }

    /** A copy that takes little memory and is slow to query. */
    static Histogram packed(Histogram histogram) {
        PackedHistogram packed = new PackedHistogram(histogram.getNumberOfSignificantValueDigits());
        packed.add(histogram);
        return packed;
    }

    /** That of the runs, weighted by their requests. */
    private static double inflation(List<LevelSamples> runs, Percentile percentile) {
        return runs.stream()
                        .mapToDouble(run -> run.successes * run.inflation(percentile))
                        .sum()
                / sum(runs, LevelSamples::successes);
    }

    /** For a percentile that this run alone has too few samples for, the largest of those that it has. */
    private double inflation(Percentile percentile) {
        return percentiles.containsKey(percentile)
                ? percentiles.get(percentile).inflation()
                : percentiles.values().stream()
                        .mapToDouble(Reported::inflation)
                        .max()
                        .orElse(1);
    }

    /** Weighted by requests, of which each but a user's first had a gap. */
    private static OptionalLong meanGap(List<LevelSamples> runs) {
        List<LevelSamples> known =
                runs.stream().filter(run -> run.meanGapNanos.isPresent()).toList();
        long requests = sum(known, LevelSamples::successes);
        return requests == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round(known.stream()
                                .mapToDouble(run -> (double) run.meanGapNanos.getAsLong() * run.successes)
                                .sum()
                        / requests));
    }

    private static long sum(List<LevelSamples> runs, ToLongFunction<LevelSamples> value) {
        return runs.stream().mapToLong(value).sum();
    }
}
