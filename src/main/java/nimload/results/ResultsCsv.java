package nimload.results;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.statistics.Interval;

/**
 * {@code results.csv}: one row per level. Times in ms, rates per second; a field is empty where the value is not known,
 * never 0. Fields that hold a comma or quote are quoted as RFC 4180 says.
 */
public final class ResultsCsv {
    private static final List<Column<LevelResults>> COLUMNS = List.of(
            Column.text("workload", level -> level.workload().key()),
            Column.text(
                    "input_tokens",
                    level -> level.point().texts().isPresent()
                            ? ""
                            : level.point().shape().length()),
            Column.text(
                    "items_per_request",
                    level -> level.point().items() == 0
                            ? ""
                            : Integer.toString(level.point().items())),
            Column.text("concurrency", level -> Integer.toString(level.concurrency())),
            Column.text(
                    "valid",
                    level -> level.valid()
                            ? "true"
                            : String.join("; ", level.validity().reasons())),
            Column.text("requests", level -> Long.toString(level.requests().count())),
            Column.text("errors", level -> Long.toString(level.requests().errors())),
            number("avg_ms", 3, level -> level.latency().avg()),
            number("std_ms", 3, level -> level.latency().std()),
            number("min_ms", 3, level -> level.latency().min()),
            number("p50_ms", 3, level -> level.percentile(Percentile.P50)),
            number("p90_ms", 3, level -> level.percentile(Percentile.P90)),
            number("p95_ms", 3, level -> level.percentile(Percentile.P95)),
            number("p99_ms", 3, level -> level.percentile(Percentile.P99)),
            number("max_ms", 3, level -> level.latency().max()),
            number("requests_per_s", 3, level -> level.throughput().requestsPerSecond()),
            number("items_per_s", 3, level -> level.throughput().itemsPerSecond()),
            number("tokens_per_s", 1, level -> level.tokens().perSecond()),
            number("measured_tokens_per_item", 2, level -> level.tokens().measuredPerItem()),
            number("achieved_concurrency", 3, level -> level.client().achievedConcurrency()),
            number("p99_low_ms", 3, level -> bound(level, Interval::low)),
            number("p99_high_ms", 3, level -> bound(level, Interval::high)),
            number("p99_if_users_did_not_wait_ms", 3, level -> seen(level, Interruptions::p99IfUsersDidNotWaitMs)),
            number("longest_silence_ms", 3, level -> seen(level, Interruptions::longestSilenceMs)),
            Column.text("notes", level -> String.join("; ", level.validity().remarks())),
            Column.text("load", level -> level.point().load().text()),
            number(
                    "offered_per_s",
                    3,
                    level -> level.throughput()
                            .arrivals()
                            .map(Arrivals::offeredPerSecond)
                            .orElse(OptionalDouble.empty())),
            number("response_p50_ms", 3, level -> response(level, Percentile.P50)),
            number("response_p95_ms", 3, level -> response(level, Percentile.P95)),
            number("response_p99_ms", 3, level -> response(level, Percentile.P99)),
            Column.text("during", level -> level.point().during()));

    public static final String HEADER = COLUMNS.stream().map(Column::title).collect(Collectors.joining(","));

    private ResultsCsv() {}

    public static String of(List<LevelResults> levels) {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        levels.forEach(level -> csv.append(COLUMNS.stream()
                        .map(column -> quoted(column.cell().apply(level).text()))
                        .collect(Collectors.joining(",")))
                .append('\n'));
        return csv.toString();
    }

    private static OptionalDouble bound(LevelResults level, Function<Interval, OptionalDouble> side) {
        return level.latency()
                .estimate(Percentile.P99)
                .flatMap(Estimate::interval)
                .map(side)
                .orElse(OptionalDouble.empty());
    }

    /** Of an open level. */
    private static OptionalDouble response(LevelResults level, Percentile percentile) {
        return level.throughput()
                .arrivals()
                .map(arrivals -> arrivals.response().at(percentile))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble seen(LevelResults level, Function<Interruptions, OptionalDouble> value) {
        return level.evidence().interruptions().map(value).orElse(OptionalDouble.empty());
    }

    private static Column<LevelResults> number(
            String title, int decimals, Function<LevelResults, OptionalDouble> value) {
        return Column.text(title, level -> decimals(value.apply(level), decimals));
    }

    private static String decimals(OptionalDouble value, int decimals) {
        return value.isPresent() ? String.format(Locale.ROOT, "%." + decimals + "f", value.getAsDouble()) : "";
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") || text.contains("\n")
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
