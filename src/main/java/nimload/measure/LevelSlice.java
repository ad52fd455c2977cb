package nimload.measure;

import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;

/**
 * What ended in a part of a level.
 *
 * @param fromSeconds after the level's first send
 * @param toSeconds likewise
 * @param latencyMicros successful requests only, µs
 * @param errors failed requests
 */
public record LevelSlice(double fromSeconds, double toSeconds, AbstractHistogram latencyMicros, long errors) {
    public long successes() {
        return latencyMicros.getTotalCount();
    }

    /** As {@link LevelSamples#percentileMillis}. */
    public OptionalDouble percentileMillis(double percentile) {
        return Percentiles.millis(latencyMicros, percentile);
    }

    public OptionalDouble maxMillis() {
        return successes() == 0 ? OptionalDouble.empty() : OptionalDouble.of(latencyMicros.getMaxValue() / 1e3);
    }
}
