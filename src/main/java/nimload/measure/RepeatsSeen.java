package nimload.measure;

import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * What came of the measured bodies that were sent once more after the window.
 *
 * @param compared answers that were held against the first answer to the same body
 * @param differing of these
 * @param latencyMicros of the right ones
 * @param newMicros of right answers to new bodies that were sent among them
 */
public record RepeatsSeen(long compared, long differing, Histogram latencyMicros, Histogram newMicros) {

    static RepeatsSeen together(List<RepeatsSeen> runs) {
        return new RepeatsSeen(
                runs.stream().mapToLong(RepeatsSeen::compared).sum(),
                runs.stream().mapToLong(RepeatsSeen::differing).sum(),
                sum(runs, RepeatsSeen::latencyMicros),
                sum(runs, RepeatsSeen::newMicros));
    }

    private static Histogram sum(List<RepeatsSeen> runs, Function<RepeatsSeen, Histogram> histogram) {
        Histogram sum = new Histogram(histogram.apply(runs.get(0)).getNumberOfSignificantValueDigits());
        runs.forEach(run -> sum.add(histogram.apply(run)));
        return sum;
    }
}
