package nimload.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.statistics.Interval;
import nimload.statistics.PercentileRanks;
import org.HdrHistogram.Histogram;

/** Percentiles of a histogram of µs, by nearest rank, so each is a latency that was observed. */
public final class Percentiles {
    /** Those that are reported. */
    public static final List<Double> REPORTED = List.of(50.0, 90.0, 95.0, 99.0, 99.9);

    /**
     * A percentile and how sure it is.
     *
     * @param millis the latency that so many per cent of the requests did not exceed
     * @param interval 95 %, in ms: order statistics, with as many independent requests as these are worth
     * @param inflation how many times as many requests as independent ones would be needed, at least 1
     */
    public record Percentile(double millis, Interval interval, double inflation) {}

    private Percentiles() {}

    /** Which of the reported percentiles there are enough samples for, and how sure they are. */
    static Map<Double, Percentile> reported(Histogram micros, ToInflation inflation) {
        Map<Double, Percentile> percentiles = new LinkedHashMap<>();
        for (double percentile : REPORTED) {
            millis(micros, percentile).ifPresent(millis -> {
                double times = inflation.of(percentile, micros.getValueAtPercentile(percentile));
                PercentileRanks ranks = PercentileRanks.of(micros.getTotalCount(), percentile, times);
                percentiles.put(
                        percentile,
                        new Percentile(
                                millis,
                                new Interval(atRank(micros, ranks.low()), atRank(micros, ranks.high())),
                                times));
            });
        }
        return percentiles;
    }

    interface ToInflation {
        /** @param micros the percentile's value */
        double of(double percentile, long micros);
    }

    private static OptionalDouble atRank(Histogram micros, OptionalLong rank) {
        if (rank.isEmpty()) {
            return OptionalDouble.empty();
        }
        // Half a rank less, so that rounding inside the histogram cannot reach the next.
        double percentile = 100 * (rank.getAsLong() - 0.5) / micros.getTotalCount();
        return OptionalDouble.of(observed(micros, percentile) / 1e3);
    }

    /** In ms; empty below {@link #samplesNeeded}. */
    public static OptionalDouble millis(Histogram micros, double percentile) {
        return micros.getTotalCount() < samplesNeeded(percentile)
                ? OptionalDouble.empty()
                : OptionalDouble.of(observed(micros, percentile) / 1e3);
    }

    private static long observed(Histogram micros, double percentile) {
        return Math.min(micros.getValueAtPercentile(percentile), micros.getMaxValue());
    }

    /** Fewest samples with which at least one lies above the percentile: 1 / (1 − percentile / 100), 100 for p99. */
    public static long samplesNeeded(double percentile) {
        return (long) Math.ceil(100 / (100 - percentile) - 1e-9);
    }
}
