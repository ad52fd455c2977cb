package nimload.capacity;

import java.util.ArrayList;
import java.util.List;

/**
 * The requests of a step in slices of equal count, in constant memory: when there are too many slices, pairs merge into one.
 */
final class StepSlices {
    private static final int MOST = 80;

    private final List<Limit> limits;
    private final List<Slice> full = new ArrayList<>(MOST);
    private int perSlice = 1;
    private Slice open;
    private long count;
    private double seconds;

    /**
     * Neighbouring requests together. Mutable while it is the last.
     */
    static final class Slice {
        private double endSeconds;
        private long count;
        private long failed;
        private double okMillis;
        private final long[] late;
        private final double[] capped;
        private final double[] cappedSquares;

        Slice(int limits) {
            late = new long[limits];
            capped = new double[limits];
            cappedSquares = new double[limits];
        }

        long count() {
            return count;
        }

        long failed() {
            return failed;
        }

        /** Per limit, requests that failed or were slower. */
        long[] late() {
            return late;
        }

        /** Per limit, the sum of response times, none above the limit. */
        double[] capped() {
            return capped;
        }

        double[] cappedSquares() {
            return cappedSquares;
        }

        /** Intended time of its last request. */
        double endSeconds() {
            return endSeconds;
        }

        /** Mean response time of right answers; NaN for none. */
        double meanMillis() {
            return okMillis / (count - failed);
        }

        private void add(Slice next) {
            endSeconds = next.endSeconds;
            count += next.count;
            failed += next.failed;
            okMillis += next.okMillis;
            for (int i = 0; i < late.length; i++) {
                late[i] += next.late[i];
                capped[i] += next.capped[i];
                cappedSquares[i] += next.cappedSquares[i];
            }
        }
    }

    StepSlices(List<Limit> limits) {
        this.limits = List.copyOf(limits);
        this.open = new Slice(limits.size());
    }

    void add(double intendedSeconds, double responseMillis, boolean ok) {
        seconds = Math.max(seconds, intendedSeconds);
        count++;
        open.endSeconds = seconds;
        open.count++;
        open.failed += ok ? 0 : 1;
        open.okMillis += ok ? responseMillis : 0;
        for (int i = 0; i < limits.size(); i++) {
            double limit = limits.get(i).millis();
            boolean late = !ok || responseMillis > limit;
            double capped = late ? limit : responseMillis;
            open.late[i] += late ? 1 : 0;
            open.capped[i] += capped;
            open.cappedSquares[i] += capped * capped;
        }
        if (open.count == perSlice) {
            full.add(open);
            open = new Slice(limits.size());
            if (full.size() == MOST) {
                halve();
            }
        }
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            Slice pair = full.get(2 * i);
            pair.add(full.get(2 * i + 1));
            full.set(i, pair);
        }
        full.subList(MOST / 2, MOST).clear();
        perSlice *= 2;
    }

    long count() {
        return count;
    }

    /** From the start to the last intended send. */
    double seconds() {
        return seconds;
    }

    /** Mean response time, none above its limit, of the limit where it is highest; 0 if only errors are limited. */
    double meanCappedMillis() {
        double highest = 0;
        for (int i = 0; i < limits.size(); i++) {
            if (!limits.get(i).errorsOnly()) {
                int limit = i;
                highest = Math.max(
                        highest,
                        full.stream().mapToDouble(slice -> slice.capped[limit]).sum()
                                / full.stream().mapToLong(Slice::count).sum());
            }
        }
        return highest;
    }

    /** Full slices in order of time. */
    List<Slice> all() {
        return List.copyOf(full);
    }

    /** Full slices that began after so many seconds. */
    List<Slice> settled(double after) {
        int first = 0;
        while (first < full.size() && (first == 0 ? 0 : full.get(first - 1).endSeconds) < after) {
            first++;
        }
        return List.copyOf(full.subList(first, full.size()));
    }
}
