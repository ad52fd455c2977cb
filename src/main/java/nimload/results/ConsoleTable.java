package nimload.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import nimload.plan.Workload;

/** The table at the end of a run, a block a workload and a row a level, to be pasted into a mail. */
public final class ConsoleTable {
    private static final String UNKNOWN = "–";

    private ConsoleTable() {}

    public static String of(List<LevelResults> results) {
        StringBuilder out = new StringBuilder();
        for (Workload workload : Workload.values()) {
            List<LevelResults> levels = results.stream()
                    .filter(level -> level.workload().equals(workload.key()))
                    .toList();
            if (!levels.isEmpty()) {
                out.append(out.isEmpty() ? "" : "\n").append(block(workload, levels));
            }
        }
        return out.toString();
    }

    private static String block(Workload workload, List<LevelResults> levels) {
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
        for (LevelResults level : levels) {
            Latency latency = level.latencyMs();
            rows.add(List.of(
                    (level.queryTokens().isPresent() ? level.queryTokens().getAsInt() + "+" : "") + level.inputTokens()
                            + " tokens",
                    Integer.toString(level.itemsPerRequest()),
                    Integer.toString(level.concurrency()),
                    number(latency.p50(), 3),
                    number(latency.p90(), 3),
                    number(latency.p95(), 3),
                    number(latency.p99(), 3),
                    number(latency.avg(), 3),
                    number(level.requestsPerSecond(), 1),
                    number(level.itemsPerSecond(), 1),
                    number(level.tokensPerSecond(), 0),
                    Long.toString(level.errors()),
                    verdict(level)));
        }
        return aligned(rows);
    }

    /** {@code valid}, or why not. */
    static String verdict(LevelResults level) {
        if (!level.valid()) {
            return String.join("; ", level.reasons());
        }
        return level.tokensVerified() ? "valid" : "valid (tokens not verified)";
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
