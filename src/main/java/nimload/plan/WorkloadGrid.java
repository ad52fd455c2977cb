package nimload.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.nim.NimKind;
import nimload.nim.RankingRequest;

/**
 * The levels of one workload: every combination of the lists.
 *
 * @param inputTokens as in {@link LoadPoint}; not used with the user's own texts
 * @param queryTokens as in {@link LoadPoint}: 0 for embeddings
 * @param items texts or passages per request; with the user's own texts to embed, lines of the file per request
 * @param concurrency varies fastest: it grows while the request's shape stays
 * @param texts the user's own; empty: nimload makes them
 */
public record WorkloadGrid(
        Workload workload,
        List<TextLength> inputTokens,
        int queryTokens,
        List<Integer> items,
        List<Integer> concurrency,
        Optional<OwnTexts> texts) {
    static final String TOKENS = "tokens";
    static final String QUERY_TOKENS = "queryTokens";
    private static final String CONCURRENCY = "concurrency";

    private static final int MAX_BATCH = 1024;
    private static final int MAX_CONCURRENCY = 4096;

    public WorkloadGrid {
        inputTokens = List.copyOf(inputTokens);
        items = List.copyOf(items);
        concurrency = List.copyOf(concurrency);
    }

    /** Where lists and numbers come from, by their names in settings and files. */
    interface Source {
        Optional<List<TextLength>> lengths(String name);

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
        return new WorkloadGrid(workload, List.of(), 0, List.of(), List.of(), Optional.empty()).with(source);
    }

    /** This grid with the lists that a source has. */
    WorkloadGrid with(Source source) {
        int maxItems = workload.nim() == NimKind.RERANKING ? RankingRequest.MAX_PASSAGES : MAX_BATCH;
        return new WorkloadGrid(
                workload,
                source.lengths(TOKENS).orElse(inputTokens),
                names(workload).contains(QUERY_TOKENS)
                        ? source.number(QUERY_TOKENS, 1, TextLength.MOST).orElse(queryTokens)
                        : 0,
                source.numbers(workload.itemsSetting(), 1, maxItems).orElse(items),
                source.numbers(CONCURRENCY, 1, MAX_CONCURRENCY).orElse(concurrency),
                texts);
    }

    /** The same levels with the user's own texts: a request to rank is a line of the file. */
    public WorkloadGrid with(OwnTexts own) {
        return new WorkloadGrid(
                workload,
                inputTokens,
                queryTokens,
                workload.nim() == NimKind.RERANKING ? List.of(1) : items,
                concurrency,
                Optional.of(own));
    }

    /** The same requests, one at a time, ranked against a query of this length. */
    WorkloadGrid alone(int otherQueryTokens) {
        return new WorkloadGrid(workload, inputTokens, otherQueryTokens, items, List.of(1), texts);
    }

    public List<LoadPoint> loadPoints() {
        List<LoadPoint> points = new ArrayList<>();
        for (Shape shape : shapes()) {
            for (int users : concurrency) {
                points.add(new LoadPoint(
                        workload,
                        shape.inputTokens(),
                        shape.spread(),
                        shape.queryTokens(),
                        shape.items(),
                        users,
                        Load.CLOSED,
                        shape.texts()));
            }
        }
        return points;
    }

    private List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        if (texts.isPresent()) {
            for (int lines : items) {
                OwnTexts own = texts.get().inRequestsOf(lines);
                shapes.add(new Shape(workload, 0, 0, 0, own.itemsPerRequest(), Load.CLOSED, Optional.of(own), ""));
            }
            return shapes;
        }
        for (TextLength length : inputTokens) {
            for (int count : items) {
                shapes.add(new Shape(
                        workload,
                        length.tokens(),
                        length.spread(),
                        queryTokens,
                        count,
                        Load.CLOSED,
                        Optional.empty(),
                        ""));
            }
        }
        return shapes;
    }

    /** How many levels there are. */
    long levels() {
        return (long) (texts.isPresent() ? 1 : inputTokens.size()) * items.size() * concurrency.size();
    }
}
