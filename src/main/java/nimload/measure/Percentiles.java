package nimload.measure;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.results.Percentile;
import nimload.statistics.Interval;
import nimload.statistics.PercentileRanks;
import nimload.statistics.Reach;
import org.HdrHistogram.Histogram;

/** Percentiles of a histogram of µs, by nearest rank, so each is a latency that was observed. */
public final class Percentiles {
    /**
     * Correlation of neighbouring medians above which ranks hold p50 in too few of the simulated levels. Forty independent
     * parts reach it in 1 %.
     */
    private static final double ALIKE = 0.4;

    /**
     * A percentile and how sure it is.
     *
     * @param millis the latency that this share of the requests did not exceed
     * @param interval 95 %, in ms: order statistics, with as many independent requests as these are worth; never
     *     narrower than what a latency is known to; that of p50 bounded by the medians of the level's parts, see {@link Reach}
     * @param inflation how many times as many requests as independent ones would be needed, at least 1
     */
    public record Reported(double millis, Interval interval, double inflation) {}

    private Percentiles() {}

    /**
     * Those for which there are enough samples, and how sure they are.
     *
     * @param parts of the level in time
     * @param consecutive whether these follow one another, so that neighbours show how long latency remembers
     */
    static Map<Percentile, Reported> reported(
            Histogram micros, ToInflation inflation, List<LevelSlice> parts, boolean consecutive) {
        Map<Percentile, Reported> percentiles = new EnumMap<>(Percentile.class);
        for (Percentile percentile : Percentile.values()) {
            millis(micros, percentile).ifPresent(millis -> {
                double times = inflation.of(percentile, micros.getValueAtPercentile(percentile.percent()));
                PercentileRanks rank = PercentileRanks.of(micros.getTotalCount(), percentile.percent(), times);
                Interval ranks = new Interval(atRank(micros, rank.low()), atRank(micros, rank.high()));
                Interval interval = (percentile == Percentile.P50 ? reach(parts) : Optional.<Reach>empty())
                        .map(reach -> bounded(ranks, reach, consecutive))
                        .orElse(ranks);
                percentiles.put(percentile, new Reported(millis, interval.hull(resolution(micros, millis)), times));
            });
        }
        return percentiles;
    }

    interface ToInflation {
        /** @param micros the percentile's value */
        double of(Percentile percentile, long micros);
    }

    /** Of the medians of a level's parts. */
    private static Optional<Reach> reach(List<LevelSlice> parts) {
        return Reach.of(parts.stream()
                .flatMap(part -> part.slice().p50().stream().boxed())
                .mapToDouble(median -> median)
                .toArray());
    }

    /** The interval of p50 from that by ranks. */
    private static Interval bounded(Interval ranks, Reach reach, boolean consecutive) {
        Interval medians = Interval.of(
                reach.interval().low().orElseThrow() * (1 - SliceRecorder.RESOLUTION),
                reach.interval().high().orElseThrow() * (1 + SliceRecorder.RESOLUTION));
        return consecutive && reach.correlation() > ALIKE ? medians : ranks.within(medians);
    }

    /** What a latency is known to: half a µs, or half of what the histogram does not tell apart. */
    private static Interval resolution(Histogram micros, double millis) {
        double half = Math.max(1, micros.sizeOfEquivalentValueRange(Math.round(1e3 * millis))) / 2e3;
        return Interval.of(millis - half, millis + half);
    }

    private static OptionalDouble atRank(Histogram micros, OptionalLong rank) {
        if (rank.isEmpty()) {
            return OptionalDouble.empty();
        }
        // Half a rank less, so that rounding inside the histogram cannot reach the next.
        double percent = 100 * (rank.getAsLong() - 0.5) / micros.getTotalCount();
        return OptionalDouble.of(observed(micros, percent) / 1e3);
    }

    /** In ms; empty below {@link Percentile#samplesNeeded}. */
    public static OptionalDouble millis(Histogram micros, Percentile percentile) {
        OptionalLong value = value(micros, percentile);
        return value.isPresent() ? OptionalDouble.of(value.getAsLong() / 1e3) : OptionalDouble.empty();
    }

    /** As recorded; empty below {@link Percentile#samplesNeeded}. */
    static OptionalLong value(Histogram recorded, Percentile percentile) {
        return recorded.getTotalCount() < percentile.samplesNeeded()
                ? OptionalLong.empty()
                : OptionalLong.of(observed(recorded, percentile.percent()));
    }

    private static long observed(Histogram micros, double percent) {
        return Math.min(micros.getValueAtPercentile(percent), micros.getMaxValue());
    }
}
