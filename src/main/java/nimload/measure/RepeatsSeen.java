package nimload.measure;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came of the measured bodies that were sent once more after the window.
 *
 * @param compared answers that were held against the first answer to the same body
 * @param differing of these
 * @param latencyMicros of the right ones
 */
public record RepeatsSeen(long compared, long differing, Histogram latencyMicros) {

    static RepeatsSeen together(List<RepeatsSeen> runs) {
        Histogram latencyMicros = new Histogram(runs.get(0).latencyMicros.getNumberOfSignificantValueDigits());
        runs.forEach(run -> latencyMicros.add(run.latencyMicros));
        return new RepeatsSeen(
                runs.stream().mapToLong(RepeatsSeen::compared).sum(),
                runs.stream().mapToLong(RepeatsSeen::differing).sum(),
                latencyMicros);
    }
}
