package nimload.plan;

import java.util.ArrayList;
import java.util.List;
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
    /** No embedding model accepts fewer: room for the special tokens and a word. */
    private static final int MIN_TOKENS = 8;

    private static final int MAX_TOKENS = 32_768;
    private static final int MAX_BATCH = 1024;
    private static final int MAX_CONCURRENCY = 4096;

    public WorkloadGrid {
        inputTokens = List.copyOf(inputTokens);
        items = List.copyOf(items);
        concurrency = List.copyOf(concurrency);
    }

    /** This grid with the user's lists where given. */
    WorkloadGrid with(SettingValues values) {
        int maxItems = workload.nim() == NimKind.RERANKING ? RankingRequest.MAX_PASSAGES : MAX_BATCH;
        return new WorkloadGrid(
                workload,
                numbers(values, "tokens", MIN_TOKENS, MAX_TOKENS, inputTokens),
                Setting.of(name("queryTokens"))
                        .flatMap(setting ->
                                values.read(setting, given -> SettingParser.wholeNumber(given, 1, MAX_TOKENS)))
                        .orElse(queryTokens),
                numbers(values, workload.itemsSetting(), 1, maxItems, items),
                numbers(values, "concurrency", 1, MAX_CONCURRENCY, concurrency));
    }

    private List<Integer> numbers(SettingValues values, String name, int min, int max, List<Integer> otherwise) {
        Setting setting = Setting.of(name(name)).orElseThrow();
        return values.read(setting, given -> SettingParser.wholeNumbers(given, min, max))
                .orElse(otherwise);
    }

    private String name(String last) {
        return Setting.PREFIX + workload.key() + "." + last;
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
