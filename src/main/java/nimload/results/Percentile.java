package nimload.results;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The percentiles of latency that are reported. */
public enum Percentile {
    P50(50),
    P90(90),
    P95(95),
    P99(99),
    P999(99.9);

    private final double percent;

    Percentile(double percent) {
        this.percent = percent;
    }

    public static Optional<Percentile> of(String key) {
        return Arrays.stream(values())
                .filter(percentile -> percentile.key().equals(key))
                .findFirst();
    }

    /** As in results and SLO files: {@code p95}, {@code p99.9}. */
    @JsonValue
    public String key() {
        return "p" + share();
    }

    /** In per cent, 0 to 100. */
    public double percent() {
        return percent;
    }

    /** In per cent as text: {@code 95}, {@code 99.9}. */
    public String share() {
        return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    }

    /** Fewest samples with which at least one lies above the percentile: 1 / (1 − p), 100 for p99. */
    public long samplesNeeded() {
        return (long) Math.ceil(100 / (100 - percent) - 1e-9);
    }
}
