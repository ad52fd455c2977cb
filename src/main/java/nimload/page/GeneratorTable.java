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

    private static final List<Column<Row>> COLUMNS = List.of(
            LevelColumns.shape(Row::level),
            LevelColumns.concurrency(Row::level),
            Column.number("Generator", "", "from 1", row -> whole(row.generator.number())),
            Column.text("Host", row -> row.generator.host()),
            Column.number("Users", "", "requests that it kept in flight", row -> whole(row.generator.users())),
            Column.number("Requests", "", "counted", row -> whole(row.generator.requests())),
            Column.number("Errors", "", "of these, failed", row -> whole(row.generator.errors())),
            number("Rate", "req/s", "successful requests", 1, row -> row.generator.requestsPerSecond()),
            number("P50", "ms", "of successful requests", 3, row -> row.generator.p50Ms()),
            number("P99", "ms", "of successful requests", 3, row -> row.generator.p99Ms()),
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

    private GeneratorTable() {}

    /** Empty where no level has several. */
    static Optional<Table> of(RunResults run) {
        List<Row> rows = run.levels().stream()
                .flatMap(level -> level.client().generators().stream().map(one -> new Row(level, one)))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(Table.of("generator-levels", "Each generator's part, per level", COLUMNS, rows));
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
