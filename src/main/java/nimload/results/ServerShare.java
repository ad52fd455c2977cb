package nimload.results;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the server's {@code /v1/metrics} reported for a level. What it did not report is empty.
 *
 * @param samples pages that were read, the ones before the first send and after the last answer among them
 * @param requestsCounted requests that the server counted between the level's first send and last answer
 * @param requestsSent by this client in the same time, successful or not
 * @param series values over time, to be drawn, by {@code gpuUtilization}, {@code gpuPowerWatts}, {@code
 *     gpuMemoryUsedBytes} and {@code pending}: pairs of seconds after the first send, and value; of a level's first run
 *     where it was repeated
 * @param notes what a reader must know of these numbers, a sentence each
 */
public record ServerShare(
        int samples,
        @JsonUnwrapped GpuUse gpu,
        @JsonUnwrapped ServerTimes times,
        OptionalLong requestsCounted,
        OptionalLong requestsSent,
        Map<String, List<double[]>> series,
        List<String> notes) {

    public ServerShare {
        series = series == null ? Map.of() : Map.copyOf(series);
        notes = notes == null ? List.of() : List.copyOf(notes);
    }
}
