package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import nimload.measure.Percentiles;
import org.HdrHistogram.Histogram;

/** The whole distribution of a level's latencies as few points: percentiles evenly spaced on the scale of 1 ÷ (1 − p). */
final class Distribution {
    private static final int POINTS_A_DECADE = 40;

    private Distribution() {}

    /**
     * Points from the lowest latency to the highest percentile for which there are samples, 99.9 % from 1,000 on.
     *
     * @param micros latencies in µs
     * @return pairs of 1 ÷ (1 − p), so 2 for the median and 100 for p99, and ms
     */
    static List<double[]> of(Histogram micros) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; ; i++) {
            double inverse = Math.pow(10, (double) i / POINTS_A_DECADE);
            OptionalDouble millis = Percentiles.millis(micros, 100 - 100 / inverse);
            if (millis.isEmpty()) {
                return points;
            }
            points.add(new double[] {Math.round(inverse * 1e4) / 1e4, millis.getAsDouble()});
        }
    }
}
