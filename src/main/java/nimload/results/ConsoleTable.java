package nimload.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.plan.Workload;

/** The table at the end of a run: one block per workload, one row per level. */
public final class ConsoleTable {
    private static final List<Percentile> PERCENTILES =
            List.of(Percentile.P50, Percentile.P90, Percentile.P95, Percentile.P99);

    private ConsoleTable() {}

    public static String of(List<LevelResults> results) {
        return Arrays.stream(Workload.values())
                .map(workload -> Table.text(
                        columns(workload),
                        results.stream()
                                .filter(level -> level.workload() == workload)
                                .toList()))
                .filter(block -> block.lines().count() > 1)
                .collect(Collectors.joining("\n"));
    }

    private static List<Column<LevelResults>> columns(Workload workload) {
        List<Column<LevelResults>> columns = new ArrayList<>();
        columns.add(Column.text(workload.key(), level -> level.point().shape().tokens()));
        columns.add(Column.text(
                workload.itemsSetting(),
                level -> level.point().items() == 0
                        ? "as in the file"
                        : Integer.toString(level.point().items())));
        columns.add(Column.text("conc.", level -> Integer.toString(level.concurrency())));
        PERCENTILES.forEach(percentile ->
                columns.add(Column.text("P" + percentile.share() + " ms", level -> percentile(level, percentile))));
        columns.add(number("avg ms", 3, level -> level.latency().avg()));
        columns.add(number("req/s", 1, level -> level.throughput().requestsPerSecond()));
        columns.add(
                number(workload.items() + "/s", 1, level -> level.throughput().itemsPerSecond()));
        columns.add(number("tokens/s", 0, level -> level.tokens().perSecond()));
        columns.add(
                Column.text("errors", level -> Long.toString(level.requests().errors())));
        columns.add(Column.text("verdict", ConsoleTable::verdict));
        return columns;
    }

    /** With a sign where so few requests do not bound it from above. */
    private static String percentile(LevelResults level, Percentile percentile) {
        boolean bounded =
                level.latency().estimate(percentile).map(Estimate::bounded).orElse(true);
        return (bounded ? "" : "≥ ") + decimals(level.percentile(percentile), 3);
    }

    /** {@code valid}, or why not. */
    private static String verdict(LevelResults level) {
        if (!level.valid()) {
            return String.join("; ", level.validity().reasons());
        }
        return level.tokens().verified() ? "valid" : "valid (tokens not verified)";
    }

    private static Column<LevelResults> number(
            String title, int decimals, Function<LevelResults, OptionalDouble> value) {
        return Column.text(title, level -> decimals(value.apply(level), decimals));
    }

    private static String decimals(OptionalDouble value, int decimals) {
        return value.isPresent()
                ? String.format(Locale.ROOT, "%." + decimals + "f", value.getAsDouble())
                : Cell.UNKNOWN;
    }
}
