package nimload.slo;

import java.util.List;
import java.util.Set;
import nimload.plan.Workload;

/**
 * Which levels limits hold for; what is empty holds for all.
 *
 * @param inputTokens as results.json has it: of a text, or of a passage
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

    /** @param workload {@link Workload#key} */
    public boolean selects(String workload, int inputTokens, int itemsPerRequest, int concurrency) {
        return selectsWorkload(workload)
                && in(this.inputTokens, inputTokens)
                && in(this.itemsPerRequest, itemsPerRequest)
                && in(this.concurrency, concurrency);
    }

    boolean selectsWorkload(String key) {
        return workloads.isEmpty()
                || workloads.stream().anyMatch(workload -> workload.key().equals(key));
    }

    private static boolean in(List<Range> ranges, int number) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.holds(number));
    }
}
