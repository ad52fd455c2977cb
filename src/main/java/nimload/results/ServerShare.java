package nimload.results;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the server's pages of metrics reported for a level: {@code /v1/metrics}, and Triton's where there is one. Empty is what
 * they did not report, what contradicted itself, and everything where they were not of one server.
 *
 * @param samples how often the metrics were read, before the first send and after the last answer included
 * @param requestsCounted requests that the server counted between the level's first send and last answer, warm-up and cool-down
 *     included
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
