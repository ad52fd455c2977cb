package nimload.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import nimload.plan.ClockOffset;

/**
 * What one of several generators did of a level. What is empty is not known.
 *
 * @param number from 1
 * @param host its machine's name
 * @param users requests that it kept in flight; at a rate the most that might be, 0 without such a limit
 * @param windows in which it measured, by its own clock, one per repeat that it did not leave out
 * @param requests counted, successful and failed
 * @param errors of these, failed
 * @param requestsPerSecond successful ones, over its own windows
 * @param p50Ms of successful requests; at a rate from when each was to be sent
 * @param p99Ms likewise; empty for fewer than 100
 * @param clock how far its clock was ahead of the one that all were compared with
 * @param machineCpu share of all its cores that were busy, 0 to 1
 * @param processCpu share of all its cores that its process used, 0 to 1
 * @param reasons why its part may not be quoted, a phrase each
 */
public record Generator(
        int number,
        String host,
        int users,
        List<Window> windows,
        long requests,
        long errors,
        OptionalDouble requestsPerSecond,
        OptionalDouble p50Ms,
        OptionalDouble p99Ms,
        Optional<ClockOffset> clock,
        OptionalDouble machineCpu,
        OptionalDouble processCpu,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> reasons) {

    /**
     * @param repeat of the level, from 1
     * @param opened when the generator began to count
     * @param closed when it ended to
     * @param lateMs after the instant at which all were to open it; negative for a clock that was set back meanwhile
     */
    public record Window(int repeat, Instant opened, Instant closed, double lateMs) {}

    public Generator {
        windows = windows == null ? List.of() : numbered(windows);
        clock = clock == null ? Optional.empty() : clock;
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
    }

    /** Older files do not say which repeat it was. */
    private static List<Window> numbered(List<Window> windows) {
        return IntStream.range(0, windows.size())
                .mapToObj(index -> {
                    Window window = windows.get(index);
                    return window.repeat > 0
                            ? window
                            : new Window(index + 1, window.opened, window.closed, window.lateMs);
                })
                .toList();
    }

    /** What a level's results say of the generator that measured them. */
    public static Generator of(
            int number, String host, List<Window> windows, Optional<ClockOffset> clock, LevelResults part) {
        return new Generator(
                number,
                host,
                part.concurrency(),
                windows,
                part.requests().count(),
                part.requests().errors(),
                part.throughput().requestsPerSecond(),
                part.response().at(Percentile.P50),
                part.response().at(Percentile.P99),
                clock,
                part.client().machineCpu(),
                part.client().processCpu(),
                part.validity().reasons());
    }

    /** How late it opened its window, of repeats the latest. */
    @JsonIgnore
    public OptionalDouble lateMs() {
        return windows.stream().mapToDouble(Window::lateMs).max();
    }
}
