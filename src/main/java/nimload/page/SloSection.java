package nimload.page;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.SloSummary;
import nimload.results.Table;

/** The service level objectives, and what came of them. */
record SloSection(String source, Outcome outcome, List<String> highest, Table checks) {
    private static final List<Column<Checked>> COLUMNS = List.of(
            LevelColumns.shape(Checked::level),
            LevelColumns.concurrency(Checked::level),
            Column.text("Metric", row -> row.check.subject()),
            Column.number("Limit", "", "", Checked::limit),
            Column.number("Measured", "", "", Checked::measured),
            new Column<>("Result", "", "", "", Checked::result));

    /** The numbers are worded as on the console, which never shows a limit and what misses it alike. */
    private record Checked(LevelResults level, SloCheck check) {
        Cell limit() {
            return Cell.number(check.bound() + " " + check.limitText(), OptionalDouble.of(check.limit()));
        }

        Cell measured() {
            return Cell.number(check.measuredText().orElse(Cell.UNKNOWN), check.measured(), detail());
        }

        Cell result() {
            return new Cell(check.met() ? "✓ met" : "✗ missed", detail(), "", "", check.met() ? "good" : "bad");
        }

        private String detail() {
            return check.detail().orElse("");
        }
    }

    /**
     * @param kind a class of the style sheet
     * @param verdict in a few words
     * @param sentence the same, of the levels
     */
    record Outcome(String kind, String verdict, String sentence) {
        /** Judged by the limits: files of earlier versions called a run met although some levels never ran. */
        static Outcome of(RunResults run) {
            boolean kept =
                    run.levels().stream().flatMap(level -> level.slo().stream()).allMatch(SloCheck::met);
            if (!kept) {
                String which = run.complete() ? "every level" : "every level that ran";
                return new Outcome("bad", "✗ missed", "✗ not " + which + " met its limits");
            }
            return run.complete()
                    ? new Outcome("good", "✓ met", "✓ every level with limits met them all")
                    : new Outcome(
                            "warn",
                            "met by the levels that ran",
                            "every level that ran met its limits, but the run is not complete");
        }
    }

    /** Empty for a run without any. */
    static Optional<SloSection> of(RunResults run) {
        List<Checked> checks = run.levels().stream()
                .flatMap(level -> level.slo().stream().map(check -> new Checked(level, check)))
                .toList();
        Table table = Table.of("slo-checks", "Every limit of every level", COLUMNS, checks);
        return run.slo().map(slo -> new SloSection(slo.source(), Outcome.of(run), highest(slo, run), table));
    }

    private static List<String> highest(SloSummary slo, RunResults run) {
        return new TreeMap<>(slo.highestConcurrency())
                .entrySet().stream()
                        .map(shape -> shape.getKey() + ": "
                                + (shape.getValue() == 0
                                        ? "not even the lowest concurrency meets the limits"
                                        : "limits met up to concurrency " + shape.getValue() + ofThoseThatRan(run)))
                        .toList();
    }

    /** Qualifies "highest concurrency" when not every planned level ran. */
    static String ofThoseThatRan(RunResults run) {
        return run.complete() ? "" : " of the levels that ran";
    }
}
