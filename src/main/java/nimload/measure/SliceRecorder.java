package nimload.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.Percentile;
import nimload.results.Slice;
import nimload.statistics.Inflation;
import org.HdrHistogram.Histogram;

/**
 * Equal parts of a level's time, each with the latencies of the requests that ended in it. A level of the expected length
 * has forty; of a longer one pairs of neighbours become one part whenever there would be eighty. Not safe for several
 * threads.
 */
final class SliceRecorder {
    /** As many as a level of the expected length has. */
    static final int EXPECTED = 40;

    private static final int MOST = 2 * EXPECTED - 1;

    /** A slice's percentiles are exact to 0.1 %, which keeps many of them small. */
    private static final int DIGITS = 3;

    /** What a slice's percentile is exact to, as a share of it. */
    static final double RESOLUTION = 1e-3;

    private static final class Part {
        final Histogram micros = new Histogram(DIGITS);
        double sumLogMillis;
        long maxMicros;
        long errors;

        void success(long latency) {
            micros.recordValue(latency);
            // A latency of 0 µs was less than half a µs.
            sumLogMillis += Math.log(Math.max(0.5, latency) / 1e3);
            maxMicros = Math.max(maxMicros, latency);
        }

        void take(Part next) {
            micros.add(next.micros);
            sumLogMillis += next.sumLogMillis;
            maxMicros = Math.max(maxMicros, next.maxMicros);
            errors += next.errors;
        }
    }

    private final Histogram micros = new Histogram(DIGITS);
    private final List<Part> parts = new ArrayList<>();
    private double partSeconds;
    private double windowSeconds = Double.POSITIVE_INFINITY;
    private double lastSeconds;
    private Optional<long[]> belowMedian = Optional.empty();

    /** @param expectedSeconds that the level will last; it may last longer or shorter */
    SliceRecorder(double expectedSeconds) {
        this.partSeconds = expectedSeconds / EXPECTED;
    }

    /** @param endSeconds after the level's window began, when the answer was there */
    void success(double endSeconds, long latencyMicros) {
        at(endSeconds).success(latencyMicros);
        micros.recordValue(latencyMicros);
        belowMedian = Optional.empty();
    }

    /** @param endSeconds after the level's window began */
    void failure(double endSeconds) {
        at(endSeconds).errors++;
    }

    /**
     * Requests that end after the window, before or after this call, are in its last part. That one also takes a rest of the
     * window of less than half a part.
     *
     * @param seconds after the level's window began
     */
    void windowEnds(double seconds) {
        windowSeconds = seconds;
        belowMedian = Optional.empty();
        for (int last = parts.size() - 1; last > lastInWindow(); last--) {
            parts.get(last - 1).take(parts.remove(last));
        }
    }

    private Part at(double endSeconds) {
        lastSeconds = Math.max(lastSeconds, endSeconds);
        while (index(endSeconds) >= MOST) {
            mergePairs();
        }
        int index = index(endSeconds);
        while (parts.size() <= index) {
            parts.add(new Part());
        }
        return parts.get(index);
    }

    private int index(double endSeconds) {
        return (int) Math.max(0, Math.min(lastInWindow(), endSeconds / partSeconds));
    }

    /** Index of the window's last part. */
    private double lastInWindow() {
        return Math.max(0, Math.rint(windowSeconds / partSeconds) - 1);
    }

    private void mergePairs() {
        for (int i = 0; i < parts.size(); i++) {
            if (i + 1 < parts.size()) {
                parts.get(i).take(parts.remove(i + 1));
            }
        }
        partSeconds *= 2;
    }

    /** How many times as many requests as independent ones the share at or below {@code latencyMicros} would need. */
    double inflation(long latencyMicros) {
        long[] median = belowMedian.orElseGet(() -> below(micros.getValueAtPercentile(Percentile.P50.percent())));
        belowMedian = Optional.of(median);
        return Inflation.of(
                below(latencyMicros),
                median,
                parts.stream().mapToLong(part -> part.micros.getTotalCount()).toArray());
    }

    private long[] below(long latencyMicros) {
        return parts.stream()
                .mapToLong(part -> part.micros.getCountBetweenValues(0, latencyMicros))
                .toArray();
    }

    List<LevelSlice> slices() {
        List<LevelSlice> all = new ArrayList<>();
        for (Part part : parts) {
            int index = all.size();
            double end = partSeconds * (index + 1);
            long count = part.micros.getTotalCount();
            all.add(new LevelSlice(
                    new Slice(
                            1,
                            Rounded.to(6, partSeconds * index),
                            Rounded.to(6, index == lastInWindow() ? Math.max(windowSeconds, lastSeconds) : end),
                            count,
                            part.errors,
                            Percentiles.millis(part.micros, Percentile.P50),
                            Percentiles.millis(part.micros, Percentile.P90),
                            Percentiles.millis(part.micros, Percentile.P99),
                            count == 0 ? OptionalDouble.empty() : OptionalDouble.of(part.maxMicros / 1e3)),
                    count == 0 ? 0 : Math.exp(part.sumLogMillis / count)));
        }
        return all;
    }
}
