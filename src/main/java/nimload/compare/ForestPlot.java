package nimload.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import nimload.statistics.Interval;

/**
 * Intervals of changes around the line of no change, on one logarithmic scale from 1 ÷ {@code most} to {@code most}, so that
 * twice and half lie equally far from it. Places are per cent of the width.
 */
final class ForestPlot {
    /** Ends of the scale as ratios; what reaches beyond the last is cut off and marked. */
    private static final double[] ENDS = {1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10};

    private static final int[] TICKS = {
        -90, -80, -70, -50, -30, -20, -15, -10, -8, -5, -4, -2, -1, 0, 1, 2, 4, 5, 8, 10, 15, 20, 30, 50, 100, 200, 400,
        900
    };

    /** So that their labels do not touch at the width of a phone. */
    private static final double BETWEEN_TICKS = 24;

    private final double most;

    private ForestPlot(double most) {
        this.most = most;
    }

    /** @param place in per cent of the width */
    record Tick(String place, String label) {}

    /**
     * One number's interval.
     *
     * @param bar whether there is an interval
     * @param low place of its lower end; the edge where it is open or cut off
     * @param cutLow whether it reaches beyond the edge
     */
    record Mark(String point, boolean bar, String low, String high, boolean cutLow, boolean cutHigh) {}

    /** Wide enough for all changes, and for the intervals of those beyond noise. */
    static ForestPlot of(List<LevelChange> levels) {
        double reach = levels.stream()
                .flatMap(level -> level.metrics().stream())
                .flatMapToDouble(change -> DoubleStream.concat(
                        DoubleStream.of(change.ratio()),
                        change.verdict().shown() ? ends(change) : DoubleStream.empty()))
                .map(ratio -> Math.max(ratio, 1 / ratio))
                .max()
                .orElse(1);
        return new ForestPlot(
                DoubleStream.of(ENDS).filter(end -> end >= reach).findFirst().orElse(ENDS[ENDS.length - 1]));
    }

    private static DoubleStream ends(MetricChange change) {
        return change.interval().stream()
                .flatMapToDouble(interval -> DoubleStream.concat(interval.low().stream(), interval.high().stream()));
    }

    /** Around 0, as many as have room. */
    List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>(List.of(tick(0)));
        for (int sign : new int[] {1, -1}) {
            double last = place(1);
            for (int percent : IntStream.of(TICKS)
                    .filter(tick -> tick * sign > 0)
                    .boxed()
                    .sorted((a, b) -> Integer.compare(Math.abs(a), Math.abs(b)))
                    .toList()) {
                double place = place(1 + percent / 100.0);
                // Half of an edge's label would be cut off.
                if (Math.abs(place - last) >= BETWEEN_TICKS && place >= 6 && place <= 94) {
                    ticks.add(tick(percent));
                    last = place;
                }
            }
        }
        return ticks;
    }

    private Tick tick(int percent) {
        return new Tick(
                text(place(1 + percent / 100.0)), percent == 0 ? "0 %" : (percent > 0 ? "+" : "−") + Math.abs(percent));
    }

    Mark mark(MetricChange change) {
        Interval interval = change.interval().orElse(new Interval(OptionalDouble.empty(), OptionalDouble.empty()));
        double low = interval.low().orElse(0);
        double high = interval.high().orElse(Double.POSITIVE_INFINITY);
        return new Mark(
                text(place(change.ratio())),
                change.interval().isPresent(),
                text(place(low)),
                text(place(high)),
                low < 1 / most,
                high > most);
    }

    /** 0 to 100; what lies beyond an edge lies on it. */
    private double place(double ratio) {
        return Math.max(0, Math.min(100, 50 + 50 * Math.log(ratio) / Math.log(most)));
    }

    private static String text(double place) {
        return String.format(Locale.ROOT, "%.2f%%", place);
    }
}
