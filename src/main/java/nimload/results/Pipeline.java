package nimload.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import nimload.statistics.Interval;

/**
 * What searches of a retrieval pipeline took, without and with the ingestion of passages at the same time.
 *
 * @param load of the searches: {@code 5/s poisson}, or {@code 5 users}
 * @param search the pause that stands for the vector search, e.g. {@code 5ms} or {@code lognormal(5ms,20ms)}
 * @param levels ingestion off, then on
 * @param differences what ingestion adds; empty unless both levels have ended
 */
public record Pipeline(String load, String search, List<Searches> levels, List<Difference> differences) {
    /** A whole search, from when it was to begin. */
    public static final String WHOLE = "search";

    private static final String TOO_FEW = " (too few searches to say how sure)";

    private static final List<Percentile> COMPARED = List.of(Percentile.P50, Percentile.P95);

    /**
     * @param of {@value #WHOLE}, or a part of it as in {@link Searches.Part#name}
     * @param offMs without ingestion
     * @param onMs with it
     * @param addedMs the latter less the former
     * @param interval 95 %, of {@code addedMs}; empty where a percentile has none
     */
    public record Difference(
            String of, Percentile percentile, double offMs, double onMs, double addedMs, Optional<Interval> interval) {}

    public Pipeline {
        levels = levels == null ? List.of() : List.copyOf(levels);
        differences = differences == null ? List.of() : List.copyOf(differences);
    }

    /** With the differences of two levels. */
    public static Pipeline of(String load, String search, List<Searches> levels) {
        List<Difference> differences = new ArrayList<>();
        if (levels.size() == 2) {
            differences.addAll(differences(WHOLE, levels, Searches::felt));
            for (String part : List.of(Searches.EMBEDDING, Searches.RERANKING)) {
                differences.addAll(differences(
                        part,
                        levels,
                        level -> level.part(part).map(Searches.Part::latency).orElse(Latency.UNKNOWN)));
            }
        }
        return new Pipeline(load, search, levels, differences);
    }

    private static List<Difference> differences(String of, List<Searches> levels, Function<Searches, Latency> latency) {
        List<Difference> differences = new ArrayList<>();
        for (Percentile percentile : COMPARED) {
            Optional<Estimate> off = latency.apply(levels.get(0)).estimate(percentile);
            Optional<Estimate> on = latency.apply(levels.get(1)).estimate(percentile);
            if (off.isPresent() && on.isPresent()) {
                differences.add(difference(of, percentile, off.get(), on.get()));
            }
        }
        return differences;
    }

    private static Difference difference(String of, Percentile percentile, Estimate off, Estimate on) {
        Optional<Interval> interval = on.interval()
                .flatMap(ofOn -> off.interval()
                        .map(ofOff -> nimload.statistics.Difference.of(on.value(), ofOn, off.value(), ofOff)
                                .interval()))
                .filter(known -> known.low().isPresent() || known.high().isPresent());
        return new Difference(
                of,
                percentile,
                off.value(),
                on.value(),
                rounded(on.value() - off.value()),
                interval.map(exact -> new Interval(
                        exact.low().stream().map(Pipeline::rounded).findFirst(),
                        exact.high().stream().map(Pipeline::rounded).findFirst())));
    }

    /** To µs. */
    private static double rounded(double millis) {
        return Math.round(1e3 * millis) / 1e3;
    }

    public Optional<Difference> difference(String of, Percentile percentile) {
        return differences.stream()
                .filter(one -> one.of().equals(of) && one.percentile() == percentile)
                .findFirst();
    }

    /** {@code search p95 92.1 ms without ingestion, 131.0 ms with it: +38.9 ms (+31.0 … +47.2, 95 %)}. */
    public String sentence() {
        long reasons =
                levels.stream().mapToLong(level -> level.reasons().size()).sum();
        return found()
                + (reasons == 0 ? "" : "; may not be quoted: " + reasons + (reasons == 1 ? " reason" : " reasons"));
    }

    private String found() {
        return difference(WHOLE, Percentile.P95)
                .map(added -> String.format(
                        Locale.ROOT,
                        "search p95 %.1f ms without ingestion, %.1f ms with it: %+.1f ms%s",
                        added.offMs(),
                        added.onMs(),
                        added.addedMs(),
                        added.interval().map(Pipeline::text).orElse(TOO_FEW)))
                .orElseGet(() -> levels.isEmpty() ? "no searches" : alone(levels.get(0)));
    }

    private static String alone(Searches level) {
        return level.felt()
                .estimate(Percentile.P95)
                .map(p95 ->
                        String.format(Locale.ROOT, "search p95 %.1f ms, ingestion %s", p95.value(), level.ingestion()))
                .orElse("too few searches for a p95");
    }

    private static String text(Interval interval) {
        if (interval.low().isEmpty() || interval.high().isEmpty()) {
            return TOO_FEW;
        }
        return String.format(
                Locale.ROOT,
                " (%+.1f … %+.1f, 95 %%)",
                interval.low().getAsDouble(),
                interval.high().getAsDouble());
    }
}
