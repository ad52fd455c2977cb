package nimload.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;

/** The table at the end of a run, a block a workload and a row a level, to be pasted into a mail. */
public final class ConsoleTable {
    private static final String UNKNOWN = "–";

    private ConsoleTable() {}

    public static String of(List<LoadPointResult> results) {
        StringBuilder out = new StringBuilder();
        for (Workload workload : Workload.values()) {
            List<LoadPointResult> levels = results.stream()
                    .filter(result -> result.point().workload() == workload)
                    .toList();
            if (!levels.isEmpty()) {
                out.append(out.isEmpty() ? "" : "\n").append(block(workload, levels));
            }
        }
        return out.toString();
    }

    private static String block(Workload workload, List<LoadPointResult> levels) {
        boolean reranking = workload == Workload.RERANKING;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                workload.key(),
                reranking ? "passages" : "batch",
                "conc.",
                "P50 ms",
                "P90 ms",
                "P95 ms",
                "P99 ms",
                "avg ms",
                "req/s",
                workload.items() + "/s",
                "tokens/s",
                "errors",
                "verdict"));
        for (LoadPointResult result : levels) {
            LoadPoint point = result.point();
            LevelSamples samples = result.samples();
            rows.add(List.of(
                    (reranking ? point.queryTokens() + "+" : "") + point.inputTokens() + " tokens",
                    Integer.toString(point.items()),
                    Integer.toString(point.concurrency()),
                    number(samples.percentileMillis(50), 3),
                    number(samples.percentileMillis(90), 3),
                    number(samples.percentileMillis(95), 3),
                    number(samples.percentileMillis(99), 3),
                    number(samples.meanMillis(), 3),
                    number(samples.requestsPerSecond(), 1),
                    number(result.itemsPerSecond(), 1),
                    number(result.tokensPerSecond(), 0),
                    Long.toString(samples.errorCount()),
                    verdict(result)));
        }
        return aligned(rows);
    }

    /** {@code valid}, or why not. */
    static String verdict(LoadPointResult result) {
        List<String> reasons = result.reasonsAgainst();
        if (!reasons.isEmpty()) {
            return String.join("; ", reasons);
        }
        return result.tokenCheck().verified() ? "valid" : "valid (tokens not verified)";
    }

    private static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? String.format(Locale.ROOT, "%." + decimals + "f", value.getAsDouble()) : UNKNOWN;
    }

    /** Columns as wide as their widest cell, to the right, but the first and the last to the left. */
    public static String aligned(List<List<String>> rows) {
        int columns = rows.get(0).size();
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                int index = column;
                int width = rows.stream()
                        .mapToInt(cells -> cells.get(index).length())
                        .max()
                        .orElse(0);
                String cell = row.get(column);
                String padding = " ".repeat(width - cell.length());
                line.append(column == 0 ? "" : "  ");
                line.append(column == 0 || column == columns - 1 ? cell + padding : padding + cell);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
