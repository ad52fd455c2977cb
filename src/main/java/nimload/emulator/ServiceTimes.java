package nimload.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.NavigableMap;
import java.util.TreeMap;
import nimload.nim.Json;

/**
 * How long one batch keeps the GPU busy: measured times, interpolated between the measured numbers of items and of
 * tokens per item.
 *
 * <p>Beyond the measurements: items with more tokens than the longest row, or with fewer where there is only one row,
 * count as more or fewer items of that row, so time grows in proportion to the tokens of the batch (between 300 and 512
 * tokens it does within 1 %). Items with fewer tokens than the shortest of several rows cost as much as that row,
 * because kernel launches dominate. More items than measured extend the last segment.
 */
public final class ServiceTimes {
    private static final String RESOURCE = "/h200-service-times.json";

    private final NavigableMap<Integer, NavigableMap<Integer, Double>> millisByTokensAndItems;
    private final double batchOverheadMillis;
    private final double hostMillis;
    private final int maxItemsPerBatch;

    private ServiceTimes(
            NavigableMap<Integer, NavigableMap<Integer, Double>> millisByTokensAndItems,
            double batchOverheadMillis,
            double hostMillis,
            int maxItemsPerBatch) {
        this.millisByTokensAndItems = millisByTokensAndItems;
        this.batchOverheadMillis = batchOverheadMillis;
        this.hostMillis = hostMillis;
        this.maxItemsPerBatch = maxItemsPerBatch;
    }

    /** Times of a BERT-large shaped embedding model on an H200. */
    public static ServiceTimes h200Embedding() {
        return load("embed");
    }

    /** Times of a Llama-3.2-1B shaped reranking model on an H200. */
    public static ServiceTimes h200Reranking() {
        return load("rerank");
    }

    /**
     * All times of GPU and host multiplied: not a measured GPU, but a known slowdown to test whether a comparison finds
     * it.
     *
     * @param factor 1.05 = 5 % slower
     */
    public ServiceTimes slowedBy(double factor) {
        NavigableMap<Integer, NavigableMap<Integer, Double>> rows = new TreeMap<>();
        millisByTokensAndItems.forEach((tokens, row) -> {
            NavigableMap<Integer, Double> slowed = new TreeMap<>();
            row.forEach((items, millis) -> slowed.put(items, millis * factor));
            rows.put(tokens, slowed);
        });
        return new ServiceTimes(rows, batchOverheadMillis * factor, hostMillis * factor, maxItemsPerBatch);
    }

    private static ServiceTimes load(String model) {
        try (InputStream in = ServiceTimes.class.getResourceAsStream(RESOURCE)) {
            JsonNode times = Json.MAPPER.readTree(in).required("gpu").required(model);
            NavigableMap<Integer, NavigableMap<Integer, Double>> rows = new TreeMap<>();
            for (JsonNode row : times.required("rows")) {
                NavigableMap<Integer, Double> millisByItems = new TreeMap<>();
                for (JsonNode pair : row.required("itemsAndMs")) {
                    millisByItems.put(
                            pair.required(0).intValue(), pair.required(1).doubleValue());
                }
                rows.put(row.required("tokensPerItem").intValue(), millisByItems);
            }
            return new ServiceTimes(
                    rows,
                    times.required("batchOverheadMs").doubleValue(),
                    times.required("hostMs").doubleValue(),
                    times.required("maxItemsPerBatch").intValue());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + RESOURCE + " from the class path; build the project again", e);
        }
    }

    /** Nanoseconds that the host spends on a request after its batch, while the GPU works on the next batch. */
    public long hostNanos() {
        return Math.round(1e6 * hostMillis);
    }

    /** The most items in a shared batch; a larger request runs alone. */
    public int maxItemsPerBatch() {
        return maxItemsPerBatch;
    }

    /**
     * @param items at least 1
     * @param tokens of all items together
     * @return nanoseconds from the start of the batch until the next one can start
     */
    public long batchNanos(int items, long tokens) {
        return Math.round(1e6 * (batchOverheadMillis + gpuMillis(items, (double) tokens / items)));
    }

    private double gpuMillis(double items, double tokensPerItem) {
        int longest = millisByTokensAndItems.lastKey();
        if (tokensPerItem > longest) {
            return gpuMillis(items * tokensPerItem / longest, longest);
        }
        Integer below = millisByTokensAndItems.floorKey((int) tokensPerItem);
        Integer above = millisByTokensAndItems.ceilingKey((int) Math.ceil(tokensPerItem));
        if (below == null && above == longest) {
            return gpuMillis(items * tokensPerItem / longest, longest);
        }
        if (below == null || below.equals(above)) {
            return interpolate(millisByTokensAndItems.get(above), items);
        }
        double low = interpolate(millisByTokensAndItems.get(below), items);
        double high = interpolate(millisByTokensAndItems.get(above), items);
        return low + (high - low) * (tokensPerItem - below) / (above - below);
    }

    private static double interpolate(NavigableMap<Integer, Double> millisByItems, double items) {
        Integer below = millisByItems.floorKey((int) items);
        if (below == null) {
            below = millisByItems.firstKey();
        }
        Integer above = millisByItems.higherKey(below);
        if (above == null) {
            above = below;
            below = millisByItems.lowerKey(above);
        }
        double low = millisByItems.get(below);
        double high = millisByItems.get(above);
        return low + (high - low) * (items - below) / (above - below);
    }
}
