package nimload.measure;

import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;

/** Percentiles of a histogram of µs, by nearest rank, so each is a latency that was observed. */
public final class Percentiles {
    private Percentiles() {}

    /** In ms; empty below {@link #samplesNeeded}. */
    public static OptionalDouble millis(AbstractHistogram micros, double percentile) {
        return micros.getTotalCount() < samplesNeeded(percentile)
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.min(micros.getValueAtPercentile(percentile), micros.getMaxValue()) / 1e3);
    }

    /** Fewest samples with which at least one lies above the percentile: 1 / (1 − percentile / 100), 100 for p99. */
    public static long samplesNeeded(double percentile) {
        return (long) Math.ceil(100 / (100 - percentile) - 1e-9);
    }
}
