package nimload.slo;

import java.util.List;
import java.util.Set;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;

/**
 * Which levels limits are for; an empty part selects all.
 *
 * @param inputTokens per text, or per passage; selects no level whose lengths scatter
 * @param itemsPerRequest texts or passages
 * @param concurrency requests in flight
 */
public record LevelSelector(
        Set<Workload> workloads, List<Range> inputTokens, List<Range> itemsPerRequest, List<Range> concurrency) {

    /** Whole numbers from {@code low} to {@code high}, both included. */
    public record Range(int low, int high) {
        boolean holds(int number) {
            return low <= number && number <= high;
        }
    }

    public LevelSelector {
        workloads = Set.copyOf(workloads);
        inputTokens = List.copyOf(inputTokens);
        itemsPerRequest = List.copyOf(itemsPerRequest);
        concurrency = List.copyOf(concurrency);
    }

    public boolean selects(LoadPoint level) {
        return selects(level.workload())
                && (inputTokens.isEmpty() || level.spread() == 0)
                && in(inputTokens, level.inputTokens())
                && in(itemsPerRequest, level.items())
                && in(concurrency, level.concurrency());
    }

    /** Whether it may select levels of this workload. */
    boolean selects(Workload workload) {
        return workloads.isEmpty() || workloads.contains(workload);
    }

    private static boolean in(List<Range> ranges, int number) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.holds(number));
    }
}
