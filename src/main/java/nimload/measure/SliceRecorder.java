package nimload.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import nimload.statistics.Inflation;
import org.HdrHistogram.Histogram;

/** The parts of a level's time, each with the latencies of the requests that ended in it. Not safe for several threads. */
final class SliceRecorder {
    /** Answers after the planned end of the level are in the last. */
    static final int SLICES = 40;

    /** A slice's percentiles are exact to 0.1 %, which keeps forty of them small. */
    private static final int DIGITS = 3;

    private static final class Slice {
        final Histogram micros = new Histogram(DIGITS);
        double sumMicros;
        long maxMicros;
        long errors;
    }

    private final double sliceSeconds;
    private final List<Slice> slices = new ArrayList<>();
    private double lastSeconds;

    /** @param lengthSeconds of the level as planned */
    SliceRecorder(double lengthSeconds) {
        this.sliceSeconds = lengthSeconds / SLICES;
    }

    void success(double endSeconds, long micros) {
        Slice slice = at(endSeconds);
        slice.micros.recordValue(micros);
        slice.sumMicros += micros;
        slice.maxMicros = Math.max(slice.maxMicros, micros);
    }

    void failure(double endSeconds) {
        at(endSeconds).errors++;
    }

    private Slice at(double endSeconds) {
        lastSeconds = Math.max(lastSeconds, endSeconds);
        int index = (int) Math.max(0, Math.min(SLICES - 1, endSeconds / sliceSeconds));
        while (slices.size() <= index) {
            slices.add(new Slice());
        }
        return slices.get(index);
    }

    /** How many times as many requests as independent ones the share at or below {@code micros} would need. */
    double inflation(long micros) {
        return Inflation.of(
                slices.stream()
                        .mapToLong(slice -> slice.micros.getCountBetweenValues(0, micros))
                        .toArray(),
                slices.stream().mapToLong(slice -> slice.micros.getTotalCount()).toArray());
    }

    List<LevelSlice> slices() {
        List<LevelSlice> all = new ArrayList<>();
        for (Slice slice : slices) {
            int index = all.size();
            double end = sliceSeconds * (index + 1);
            long count = slice.micros.getTotalCount();
            all.add(new LevelSlice(
                    sliceSeconds * index,
                    index == SLICES - 1 ? Math.max(end, lastSeconds) : end,
                    count,
                    slice.errors,
                    count == 0 ? 0 : slice.sumMicros / 1e3 / count,
                    Percentiles.millis(slice.micros, 50),
                    Percentiles.millis(slice.micros, 90),
                    Percentiles.millis(slice.micros, 99),
                    count == 0 ? OptionalDouble.empty() : OptionalDouble.of(slice.maxMicros / 1e3)));
        }
        return all;
    }
}
