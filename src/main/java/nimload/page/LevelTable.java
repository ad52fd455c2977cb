package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.measure.Percentiles;
import nimload.page.Table.Cell;
import nimload.page.Table.Column;
import nimload.page.Table.Row;
import nimload.results.ClientAdds;
import nimload.results.Drift;
import nimload.results.LevelResults;
import nimload.statistics.Interval;

/** The table of a workload's levels. */
final class LevelTable {
    private LevelTable() {}

    static Table of(Shape.Group group) {
        boolean reranking = group.items().equals("pairs");
        List<LevelResults> levels = group.levels();
        return new Table(
                group.id() + "-levels",
                "The levels of " + group.workload() + "; below a number its 95 % interval",
                columns(reranking, group.items()),
                levels.stream().map(LevelTable::row).toList());
    }

    private static List<Column> columns(boolean reranking, String items) {
        return List.of(
                Column.number("Conc.", "", "concurrency: requests in flight, each user sending again after its answer"),
                Column.number("Tokens", reranking ? "a passage" : "a text", "as the server counts them"),
                Column.number(reranking ? "Passages" : "Batch", reranking ? "a request" : "texts", ""),
                Column.number("p50", "ms", "half of the successful requests were answered within this time"),
                Column.number("p90", "ms", "90 % of the successful requests were answered within this time"),
                Column.number("p95", "ms", "95 % of the successful requests were answered within this time"),
                Column.number("p99", "ms", "99 % of the successful requests were answered within this time"),
                Column.number("p99.9", "ms", "99.9 % of the successful requests were answered within this time"),
                Column.number("Avg", "ms", "mean latency of the successful requests"),
                Column.number("Requests", "/s", "successful requests ÷ (first send → last answer)"),
                Column.number(
                        items.equals("pairs") ? "Pairs" : "Texts", "/s", "requests a second × " + items + " each"),
                Column.number("Tokens", "/s", "by the server's own usage"),
                Column.number("In flight", "mean", "achieved concurrency: sum of latencies ÷ duration"),
                Column.number("Errors", "of all", "failed requests; they are in no percentile"),
                Column.number("Client adds", "ms at p50", "this client's own share, measured before the grid"),
                Column.text("Drift"),
                Column.text("Verdict"));
    }

    private static Row row(LevelResults level) {
        var latency = level.latencyMs();
        List<Cell> cells = new ArrayList<>();
        cells.add(whole(level.concurrency()));
        cells.add(whole(level.inputTokens())
                .with(
                        level.queryTokens().isPresent()
                                ? "+ " + level.queryTokens().getAsInt() + " of the query"
                                : "",
                        ""));
        cells.add(whole(level.itemsPerRequest()));
        cells.add(percentile(level, 50, "p50", latency.p50()));
        cells.add(percentile(level, 90, "p90", latency.p90()));
        cells.add(percentile(level, 95, "p95", latency.p95()));
        cells.add(percentile(level, 99, "p99", latency.p99()));
        cells.add(percentile(level, 99.9, "p99.9", latency.p999()));
        cells.add(Cell.number(NumberText.millis(latency.avg()), latency.avg()));
        cells.add(Cell.number(NumberText.of(level.requestsPerSecond(), 3), level.requestsPerSecond())
                .with(interval(level, "requestsPerSecond"), ""));
        cells.add(Cell.number(NumberText.of(level.itemsPerSecond(), 3), level.itemsPerSecond()));
        cells.add(Cell.number(NumberText.of(level.tokensPerSecond(), 1), level.tokensPerSecond()));
        cells.add(Cell.number(NumberText.of(level.achievedConcurrency(), 2), level.achievedConcurrency()));
        cells.add(whole(level.errors()).with("of " + NumberText.of(level.requests(), 0), ""));
        cells.add(clientAdds(level.clientAdds()));
        cells.add(drift(level.drift()));
        cells.add(verdict(level));
        return new Row("", cells);
    }

    private static Cell whole(long value) {
        return Cell.number(NumberText.of(value, 0), OptionalDouble.of(value));
    }

    private static Cell percentile(LevelResults level, double percentile, String name, OptionalDouble value) {
        return Cell.number(NumberText.millis(value), value)
                .with(
                        interval(level, name),
                        value.isPresent() ? value.getAsDouble() + " ms" : missing(level, percentile, name));
    }

    private static String missing(LevelResults level, double percentile, String name) {
        long successes = level.requests() - level.errors();
        long needed = Percentiles.samplesNeeded(percentile);
        return successes < needed
                ? name + " needs at least " + needed + " successful requests; there were " + successes
                : name + " was not recorded";
    }

    private static String interval(LevelResults level, String name) {
        Interval interval = level.intervals().get(name);
        return interval == null ? "" : NumberText.of(interval, 3);
    }

    private static Cell clientAdds(Optional<ClientAdds> adds) {
        OptionalDouble p50 = adds.map(ClientAdds::p50Ms).orElse(OptionalDouble.empty());
        OptionalDouble p99 = adds.map(ClientAdds::p99Ms).orElse(OptionalDouble.empty());
        return Cell.number(NumberText.millis(p50), p50)
                .with(
                        p99.isPresent() ? NumberText.millis(p99) + " at p99" : "",
                        adds.isPresent() ? "" : "calibration was switched off, or not recorded");
    }

    private static Cell drift(Optional<Drift> drift) {
        String verdict = drift.map(Drift::verdict).orElse(NumberText.UNKNOWN);
        return new Cell(
                verdict,
                "",
                drift.map(Drift::detail).orElse("not recorded"),
                "",
                verdict.equals(Drift.DRIFTING) ? "warn" : "");
    }

    private static Cell verdict(LevelResults level) {
        if (!level.valid()) {
            return new Cell("✗ not to be quoted", String.join("; ", level.reasons()), "", "", "bad");
        }
        return new Cell("✓ valid", level.tokensVerified() ? "" : "tokens not verified", "", "", "good");
    }
}
