package nimload.statistics;

/**
 * How much less is known from requests that resemble their neighbours than from as many independent ones.
 *
 * <p>Requests that follow one another share what the server did at that time. Counting how many of each slice of time lie
 * below a value, and how far these shares scatter between the slices, gives the variance that a share over all really has;
 * its ratio to that of independent requests is the inflation (the design effect of cluster sampling).
 */
public final class Inflation {
    /** With fewer slices that hold requests their scatter says nothing. */
    private static final int MIN_SLICES = 8;

    private Inflation() {}

    /**
     * @param below requests of each slice at or below the value
     * @param counts requests of each slice
     * @return at least 1: neighbours that differ more than chance are not counted as a gain
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
            // As of a server that answers in few large batches: each slice may be worth one request.
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
