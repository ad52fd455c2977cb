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
record SloSection(String source, Outcome outcome, List<String> highest, Table checks) {
    /**
     * @param kind a class of the style sheet
     * @param verdict in a few words
     * @param sentence the same, of the levels
     */
    record Outcome(String kind, String verdict, String sentence) {
        /** By the limits themselves: files of earlier versions called a run met of which some levels never ran. */
        static Outcome of(RunResults run) {
            boolean kept =
                    run.levels().stream().flatMap(level -> level.slo().stream()).allMatch(SloCheck::met);
            if (run.complete()) {
                return kept
                        ? new Outcome("good", "✓ met", "✓ every level that has limits met them all")
                        : new Outcome("bad", "✗ missed", "✗ not every level met its limits");
            }
            return kept
                    ? new Outcome(
                            "warn",
                            "met by the levels that ran",
                            "of the levels that ran every one met its limits; the run is not complete")
                    : new Outcome("bad", "✗ missed", "✗ of the levels that ran not every one met its limits");
        }
    }

    /** Empty for a run without any. */
    static Optional<SloSection> of(RunResults run) {
        return run.slo().map(slo -> {
            List<Row> rows = new ArrayList<>();
            run.levels().forEach(level -> level.slo().forEach(check -> rows.add(row(level, check))));
            return new SloSection(
                    slo.source(),
                    Outcome.of(run),
                    slo.highestConcurrency().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(entry -> entry.getKey() + ": "
                                    + (entry.getValue() == 0
                                            ? "not even the lowest concurrency meets the limits"
                                            : "limits met up to concurrency " + entry.getValue() + ofThoseThatRan(run)))
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

    /** What a highest concurrency is the highest of, where that is not all that was planned. */
    static String ofThoseThatRan(RunResults run) {
        return run.complete() ? "" : " of the levels that ran";
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
                        Cell.number(check.measuredText().orElse(NumberText.UNKNOWN), check.measured(), detail),
                        new Cell(check.met() ? "✓ met" : "✗ missed", detail, "", "", check.met() ? "good" : "bad")));
    }
}
