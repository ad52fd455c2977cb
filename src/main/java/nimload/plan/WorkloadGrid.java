package nimload.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * The levels of one workload: every combination of the lists.
 *
 * @param inputTokens as in {@link LoadPoint}
 * @param queryTokens as in {@link LoadPoint}: 0 for embeddings
 * @param items texts or passages a request
 * @param concurrency innermost: it grows while the request's shape stays
 */
public record WorkloadGrid(
        Workload workload, List<Integer> inputTokens, int queryTokens, List<Integer> items, List<Integer> concurrency) {

    public WorkloadGrid {
        inputTokens = List.copyOf(inputTokens);
        items = List.copyOf(items);
        concurrency = List.copyOf(concurrency);
    }

    public List<LoadPoint> loadPoints() {
        List<LoadPoint> points = new ArrayList<>();
        for (int tokens : inputTokens) {
            for (int count : items) {
                for (int users : concurrency) {
                    points.add(new LoadPoint(workload, tokens, queryTokens, count, users));
                }
            }
        }
        return points;
    }
}
