package nimload.emulator;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import nimload.nim.NimKind;

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
    private final NavigableMap<Integer, NavigableMap<Integer, Double>> millisByTokensAndItems;
    private final double batchOverheadMillis;
    private final double hostMillis;
    private final double hostMillisPerItem;
    private final int maxItemsPerBatch;

    /**
     * @param millisByTokensAndItems GPU time of a batch by tokens per item and by items; at least one row, each of at least
     *     two numbers of items
     * @param batchOverheadMillis added to each of them
     * @param hostMillis of a request off the GPU
     * @param hostMillisPerItem the same, for each of its items
     * @param maxItemsPerBatch of a shared batch
     */
    public ServiceTimes(
            Map<Integer, ? extends Map<Integer, Double>> millisByTokensAndItems,
            double batchOverheadMillis,
            double hostMillis,
            double hostMillisPerItem,
            int maxItemsPerBatch) {
        this.millisByTokensAndItems = new TreeMap<>();
        millisByTokensAndItems.forEach((tokens, row) -> this.millisByTokensAndItems.put(tokens, new TreeMap<>(row)));
        this.batchOverheadMillis = batchOverheadMillis;
        this.hostMillis = hostMillis;
        this.hostMillisPerItem = hostMillisPerItem;
        this.maxItemsPerBatch = maxItemsPerBatch;
    }

    /** Times of a BERT-large shaped embedding model on an H200. */
    public static ServiceTimes h200Embedding() {
        return TimesFile.H200.times().get(NimKind.EMBEDDING);
    }

    /** Times of a Llama-3.2-1B shaped reranking model on an H200. */
    public static ServiceTimes h200Reranking() {
        return TimesFile.H200.times().get(NimKind.RERANKING);
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
        return new ServiceTimes(
                rows, batchOverheadMillis * factor, hostMillis * factor, hostMillisPerItem * factor, maxItemsPerBatch);
    }

    /** GPU time of a batch in ms, by tokens per item and by items. */
    NavigableMap<Integer, NavigableMap<Integer, Double>> millisByTokensAndItems() {
        return millisByTokensAndItems;
    }

    double batchOverheadMillis() {
        return batchOverheadMillis;
    }

    double hostMillis() {
        return hostMillis;
    }

    double hostMillisPerItem() {
        return hostMillisPerItem;
    }

    /** Nanoseconds that the host spends on a request after its batch, while the GPU works on the next batch. */
    public long hostNanos(int items) {
        return Math.round(1e6 * (hostMillis + hostMillisPerItem * items));
    }

    /** The most items in a shared batch; a larger request runs alone. */
    public int maxItemsPerBatch() {
        return maxItemsPerBatch;
    }

    /**
     * @param items at least 1
     * @param tokens of all items together
     * @return nanoseconds from the start of the batch until the next one can start; never negative, whatever a steep row
     *     says beyond its ends
     */
    public long batchNanos(int items, long tokens) {
        return Math.max(0, Math.round(1e6 * (batchOverheadMillis + gpuMillis(items, (double) tokens / items))));
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
