package nimload.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nimload.results.Drift;
import nimload.statistics.Trend;

/**
 * Whether latency still moved while a level was measured: the warm-up was too short, or the GPU became warm and slower.
 * The mean latencies of consecutive parts of the level are tested for a trend.
 *
 * @param moved by which share of the latency from end to end, 0.05 = 5 % up or down; 0 for a level without a trend, −1 where
 *     that is unknown
 */
record Steadiness(Drift drift, double moved) {
    /** Fewest parts, and fewest answers per part. */
    private static final int MIN_PARTS = 8;

    private static final int MIN_ANSWERS = 5;

    /** Twenty parts of a level without a trend look like a trend once in a hundred levels. */
    private static final double SIGNIFICANT = 0.01;

    /** A trend that is less than this share of the latency from end to end is not worth a word. */
    static final double RELEVANT = 0.02;

    /** From here on the level's numbers are those of no state in particular. */
    static final double DISQUALIFYING = 0.05;

    static Steadiness of(List<LevelSlice> slices) {
        double[] means = means(slices);
        if (means.length < MIN_PARTS) {
            return new Steadiness(new Drift(Drift.UNKNOWN, "too few answers to tell whether latency still moved"), -1);
        }
        Trend trend = Trend.of(means);
        double change = Math.abs(trend.change());
        if (trend.pValue() < SIGNIFICANT && change >= RELEVANT) {
            return new Steadiness(
                    new Drift(
                            Drift.DRIFTING,
                            String.format(
                                    Locale.ROOT,
                                    "latency %s by %.1f %% while it was measured",
                                    trend.change() > 0 ? "rose" : "fell",
                                    100 * change)),
                    change);
        }
        return new Steadiness(
                new Drift(Drift.STEADY, "no trend of " + Math.round(100 * RELEVANT) + " % or more in latency"), 0);
    }

    /** Whether the numbers should not be quoted. */
    boolean disqualifies() {
        return moved >= DISQUALIFYING;
    }

    /** Of parts with enough answers each: neighbouring slices together until they have. The rest at the end is left out. */
    private static double[] means(List<LevelSlice> slices) {
        List<Double> means = new ArrayList<>();
        double sum = 0;
        long answers = 0;
        for (LevelSlice slice : slices) {
            sum += slice.meanMillis() * slice.slice().requests();
            answers += slice.slice().requests();
            if (answers >= MIN_ANSWERS) {
                means.add(sum / answers);
                sum = 0;
                answers = 0;
            }
        }
        return means.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
