package nimload.page;

import static nimload.page.LevelColumns.number;
import static nimload.page.LevelColumns.whole;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import nimload.plan.ClockOffset;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Generator;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Table;

/** What each of several generators did of each level. */
final class GeneratorTable {
    private record Row(LevelResults level, Generator generator) {}

    /** @param open whether requests arrived at a rate at every level */
    private static List<Column<Row>> columns(boolean open) {
        return List.of(
                LevelColumns.shape(Row::level),
                LevelColumns.concurrency(Row::level),
                Column.number("Generator", "", "from 1", row -> whole(row.generator.number())),
                Column.text("Host", row -> row.generator.host()),
                Column.number(
                        open ? "At most in flight" : "Users",
                        "",
                        open ? "more arrivals wait until one of these is answered" : "requests that it kept in flight",
                        row -> row.generator.users() == 0 ? Cell.text("no limit") : whole(row.generator.users())),
                Column.number("Requests", "", "counted", row -> whole(row.generator.requests())),
                Column.number("Errors", "", "of these, failed", row -> whole(row.generator.errors())),
                number("Rate", "req/s", "successful requests", 1, row -> row.generator.requestsPerSecond()),
                time(open, "P50", Generator::p50Ms),
                time(open, "P99", Generator::p99Ms),
                number(
                        "Late",
                        "ms",
                        "from the instant at which all were to open the window",
                        1,
                        row -> row.generator.lateMs()),
                clock("ms ahead", "of the clock that all clocks were compared with", ClockOffset::aheadMs),
                clock("± ms", "how far off that may be", ClockOffset::boundMs),
                share("machine", "share of all cores that were busy", Generator::machineCpu),
                share("nimload", "share of all cores that this process used", Generator::processCpu),
                Column.text(
                        "May be quoted",
                        row -> row.generator.reasons().isEmpty() ? "yes" : String.join("; ", row.generator.reasons())));
    }

    private GeneratorTable() {}

    /** Empty where no level has several. */
    static Optional<Table> of(RunResults run) {
        List<Row> rows = run.levels().stream()
                .flatMap(level -> level.client().generators().stream().map(one -> new Row(level, one)))
                .toList();
        boolean open = rows.stream().noneMatch(row -> row.level.point().load().closed());
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(Table.of("generator-levels", "Each generator's part, per level", columns(open), rows));
    }

    private static Column<Row> time(boolean open, String percentile, Function<Generator, OptionalDouble> value) {
        return open
                ? number(
                        "Response",
                        percentile + " ms",
                        "of successful requests, from when each was to be sent",
                        3,
                        row -> value.apply(row.generator))
                : number(percentile, "ms", "latency of successful requests", 3, row -> value.apply(row.generator));
    }

    private static Column<Row> clock(String unit, String hint, Function<ClockOffset, Double> value) {
        return number(
                "Clock",
                unit,
                hint,
                1,
                row -> row.generator
                        .clock()
                        .map(offset -> OptionalDouble.of(value.apply(offset)))
                        .orElse(OptionalDouble.empty()));
    }

    private static Column<Row> share(String unit, String hint, Function<Generator, OptionalDouble> value) {
        return Column.number("CPU", unit, hint, row -> {
            OptionalDouble share = value.apply(row.generator);
            return Cell.number(NumberText.percent(share), share);
        });
    }
}
