package nimload.statistics;

/**
 * How much correlation between neighbouring requests inflates the variance of a share.
 *
 * <p>Requests close in time share what the server did at that time. The share of requests at or below a value is taken
 * in each slice of time; its scatter between slices gives the true variance of the overall share. Divided by the
 * variance of as many independent requests, that is the inflation (the design effect of cluster sampling).
 */
public final class Inflation {
    /** The scatter of fewer slices with requests says nothing. */
    private static final int MIN_SLICES = 8;

    private Inflation() {}

    /**
     * @param below requests of each slice at or below the value
     * @param counts requests of each slice
     * @return at least 1: neighbours that differ more than by chance are no gain
     */
    public static double of(long[] below, long[] counts) {
        long total = 0;
        long totalBelow = 0;
        int slices = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i];
            totalBelow += below[i];
            slices += counts[i] > 0 ? 1 : 0;
        }
        if (slices > 0 && slices < MIN_SLICES) {
            // The server may answer in a few large batches: each slice may be worth only one request.
            return (double) total / slices;
        }
        if (totalBelow == 0 || totalBelow == total) {
            return 1;
        }
        double share = (double) totalBelow / total;
        double squares = 0;
        for (int i = 0; i < counts.length; i++) {
            double off = below[i] - share * counts[i];
            squares += off * off;
        }
        double clustered = squares * slices / (slices - 1) / total / total;
        double independent = share * (1 - share) / total;
        return Math.max(1, clustered / independent);
    }
}
