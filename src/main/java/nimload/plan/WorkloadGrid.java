package nimload.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.nim.NimKind;
import nimload.nim.RankingRequest;

/**
 * The levels of one workload: every combination of the lists.
 *
 * @param inputTokens as in {@link LoadPoint}
 * @param queryTokens as in {@link LoadPoint}: 0 for embeddings
 * @param items texts or passages per request
 * @param concurrency varies fastest: it grows while the request's shape stays
 */
public record WorkloadGrid(
        Workload workload, List<Integer> inputTokens, int queryTokens, List<Integer> items, List<Integer> concurrency) {
    private static final String TOKENS = "tokens";
    private static final String QUERY_TOKENS = "queryTokens";
    private static final String CONCURRENCY = "concurrency";

    /** No embedding model accepts fewer: room for the special tokens and a word. */
    private static final int MIN_TOKENS = 8;

    private static final int MAX_TOKENS = 8192;
    private static final int MAX_BATCH = 1024;
    private static final int MAX_CONCURRENCY = 4096;

    public WorkloadGrid {
        inputTokens = List.copyOf(inputTokens);
        items = List.copyOf(items);
        concurrency = List.copyOf(concurrency);
    }

    /** Where lists and numbers come from, by their names in settings and files. */
    interface Source {
        Optional<List<Integer>> numbers(String name, int min, int max);

        Optional<Integer> number(String name, int min, int max);
    }

    /** The names of a workload's lists, as in settings and files. */
    static List<String> names(Workload workload) {
        return workload == Workload.RERANKING
                ? List.of(TOKENS, QUERY_TOKENS, workload.itemsSetting(), CONCURRENCY)
                : List.of(TOKENS, workload.itemsSetting(), CONCURRENCY);
    }

    /** @param source has all of its lists */
    static WorkloadGrid of(Workload workload, Source source) {
        return new WorkloadGrid(workload, List.of(), 0, List.of(), List.of()).with(source);
    }

    /** This grid with the lists that a source has. */
    WorkloadGrid with(Source source) {
        int maxItems = workload.nim() == NimKind.RERANKING ? RankingRequest.MAX_PASSAGES : MAX_BATCH;
        return new WorkloadGrid(
                workload,
                source.numbers(TOKENS, MIN_TOKENS, MAX_TOKENS).orElse(inputTokens),
                names(workload).contains(QUERY_TOKENS)
                        ? source.number(QUERY_TOKENS, 1, MAX_TOKENS).orElse(queryTokens)
                        : 0,
                source.numbers(workload.itemsSetting(), 1, maxItems).orElse(items),
                source.numbers(CONCURRENCY, 1, MAX_CONCURRENCY).orElse(concurrency));
    }

    /** How many levels there are. */
    long levels() {
        return (long) inputTokens.size() * items.size() * concurrency.size();
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
