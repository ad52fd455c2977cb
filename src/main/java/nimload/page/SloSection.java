package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.page.Table.Cell;
import nimload.page.Table.Column;
import nimload.page.Table.Row;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloCheck;

/** The service level objectives, and what came of them. */
record SloSection(String source, boolean met, List<String> highest, Table checks) {
    /** Empty for a run without any. */
    static Optional<SloSection> of(RunResults run) {
        return run.slo().map(slo -> {
            List<Row> rows = new ArrayList<>();
            run.levels().forEach(level -> level.slo().forEach(check -> rows.add(row(level, check))));
            return new SloSection(
                    slo.source(),
                    slo.met(),
                    slo.highestConcurrency().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(entry -> entry.getKey() + ": "
                                    + (entry.getValue() == 0
                                            ? "not even the lowest concurrency meets the limits"
                                            : "limits met up to concurrency " + entry.getValue()))
                            .toList(),
                    new Table(
                            "slo-checks",
                            "Each limit of each level",
                            List.of(
                                    Column.text("Level"),
                                    Column.number("Conc.", "", ""),
                                    Column.text("Metric"),
                                    Column.number("Limit", "", ""),
                                    Column.number("Measured", "", ""),
                                    Column.text("Result")),
                            rows));
        });
    }

    /** The numbers are worded as the console does, which never shows a limit and what misses it alike. */
    private static Row row(LevelResults level, SloCheck check) {
        String detail = check.detail().orElse("");
        return new Row(
                "",
                List.of(
                        Cell.text(level.shape()),
                        Cell.number(Integer.toString(level.concurrency()), OptionalDouble.of(level.concurrency())),
                        Cell.text(check.subject()),
                        Cell.number(check.bound() + " " + check.limitText(), OptionalDouble.of(check.limit())),
                        Cell.number(check.measuredText().orElse(NumberText.UNKNOWN), check.measured())
                                .with("", check.measured().isPresent() ? "" : detail),
                        new Cell(check.met() ? "✓ met" : "✗ missed", detail, "", "", check.met() ? "good" : "bad")));
    }
}
