package nimload.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import nimload.results.Percentile;
import nimload.results.Slice;
import nimload.statistics.Inflation;
import org.HdrHistogram.Histogram;

/** The parts of a level's time, each with the latencies of the requests that ended in it. Not safe for several threads. */
final class SliceRecorder {
    /** Answers after the planned end of the level are in the last. */
    static final int SLICES = 40;

    /** A slice's percentiles are exact to 0.1 %, which keeps forty of them small. */
    private static final int DIGITS = 3;

    private static final class Part {
        final Histogram micros = new Histogram(DIGITS);
        double sumMicros;
        long maxMicros;
        long errors;
    }

    private final Histogram micros = new Histogram(DIGITS);
    private final double sliceSeconds;
    private final List<Part> parts = new ArrayList<>();
    private double lastSeconds;

    /** @param lengthSeconds of the level as planned */
    SliceRecorder(double lengthSeconds) {
        this.sliceSeconds = lengthSeconds / SLICES;
    }

    void success(double endSeconds, long latencyMicros) {
        Part part = at(endSeconds);
        part.micros.recordValue(latencyMicros);
        part.sumMicros += latencyMicros;
        part.maxMicros = Math.max(part.maxMicros, latencyMicros);
        micros.recordValue(latencyMicros);
    }

    void failure(double endSeconds) {
        at(endSeconds).errors++;
    }

    private Part at(double endSeconds) {
        lastSeconds = Math.max(lastSeconds, endSeconds);
        int index = (int) Math.max(0, Math.min(SLICES - 1, endSeconds / sliceSeconds));
        while (parts.size() <= index) {
            parts.add(new Part());
        }
        return parts.get(index);
    }

    /** How many times as many requests as independent ones the share at or below {@code latencyMicros} would need. */
    double inflation(long latencyMicros) {
        return Inflation.of(
                below(latencyMicros),
                below(micros.getValueAtPercentile(Percentile.P50.percent())),
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
            double end = sliceSeconds * (index + 1);
            long count = part.micros.getTotalCount();
            all.add(new LevelSlice(
                    new Slice(
                            1,
                            Rounded.to(6, sliceSeconds * index),
                            Rounded.to(6, index == SLICES - 1 ? Math.max(end, lastSeconds) : end),
                            count,
                            part.errors,
                            Percentiles.millis(part.micros, Percentile.P50),
                            Percentiles.millis(part.micros, Percentile.P90),
                            Percentiles.millis(part.micros, Percentile.P99),
                            count == 0 ? OptionalDouble.empty() : OptionalDouble.of(part.maxMicros / 1e3)),
                    count == 0 ? 0 : part.sumMicros / 1e3 / count));
        }
        return all;
    }
}
