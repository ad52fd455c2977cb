package nimload.page;

import static nimload.page.LevelColumns.number;
import static nimload.page.LevelColumns.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.plan.Workload;
import nimload.results.AnswersCompared;
import nimload.results.Cell;
import nimload.results.ClientAdds;
import nimload.results.Column;
import nimload.results.Drift;
import nimload.results.Estimate;
import nimload.results.Footnotes;
import nimload.results.Interruptions;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Table;
import nimload.results.TokenLengths;
import nimload.results.Tokens;

/** The table of a workload's levels. */
final class LevelTable {
    private static final String REQUESTS = "successful requests that were sent in the measured window ÷ its length";
    private static final String IN_FLIGHT = "achieved concurrency: mean requests in flight in the measured window";
    private static final String CLIENT_ADDS = "this client's share of the latency, measured before the grid";

    private static final String SILENCE = "longest time in which no request ended while some were in flight";
    private static final String COMPARED =
            "answers to measured texts that were sent once more after the window, held against the first answers";

    private static final String UNWAITED =
            "p99 if each user had sent at its usual pace while it waited; only where it is over 10 % above p99";
    /** A class of the style sheet. */
    private static final String UNQUOTABLE = "unquotable";

    private static final String TOKENS = "as the server counts them";

    private static final String RESPONSE = "from when the request was to be sent to the last byte of its answer";

    private static final List<Percentile> RESPONSES = List.of(Percentile.P50, Percentile.P95, Percentile.P99);

    /** What a narrow window keeps. */
    private static final List<Percentile> FIRST = List.of(Percentile.P50, Percentile.P95);

    private LevelTable() {}

    static Table of(ShapeLevels shape, Footnotes footnotes) {
        String caption = "Levels of " + shape.shape().description() + ", with 95 % intervals below the numbers";
        Table table = Table.of(shape.id() + "-levels", caption, columns(shape, footnotes), shape.levels());
        List<Table.Row> rows = new ArrayList<>();
        for (int row = 0; row < table.rows().size(); row++) {
            String kind = shape.levels().get(row).valid() ? "" : UNQUOTABLE;
            rows.add(new Table.Row(kind, table.rows().get(row).cells()));
        }
        return new Table(table.id(), table.caption(), table.columns(), rows);
    }

    private static List<Column<LevelResults>> columns(ShapeLevels shape, Footnotes footnotes) {
        Workload workload = shape.shape().workload();
        String items = workload.items();
        List<Column<LevelResults>> columns = new ArrayList<>();
        columns.add(LevelColumns.concurrency(level -> level));
        columns.add(new Column<>("Verdict", "", "", "", (LevelResults level) -> verdict(level, footnotes)).late());
        boolean open = shape.arrivals();
        if (open) {
            for (Percentile percentile : RESPONSES) {
                Column<LevelResults> column = Column.number(
                        "Response",
                        percentile.key() + " ms",
                        RESPONSE,
                        level -> percentile(level, level.response(), percentile));
                columns.add(FIRST.contains(percentile) ? column : column.late());
            }
        }
        for (Percentile percentile : Percentile.values()) {
            if (percentile == Percentile.P999
                    && shape.levels().stream()
                            .noneMatch(level -> level.percentile(percentile).isPresent())) {
                continue;
            }
            String hint = percentile.share() + " % of the successful requests took at most this long";
            Column<LevelResults> column = Column.number(
                    open ? "Latency" : percentile.key(),
                    open ? percentile.key() + " ms" : "ms",
                    open ? hint + ", from the real send" : hint,
                    level -> percentile(level, level.latency(), percentile));
            columns.add(FIRST.contains(percentile) && !open ? column : column.late());
        }
        if (shape.levels().stream().anyMatch(level -> unwaited(level).isPresent())) {
            columns.add(
                    number("p99 corr.", "ms", UNWAITED, 3, LevelTable::unwaited).late());
        }
        columns.add(number(
                        "Max",
                        "ms",
                        "the longest successful request",
                        3,
                        (LevelResults level) -> level.latency().max())
                .late());
        columns.add(Column.number("Silence", "ms longest", SILENCE, LevelTable::silence)
                .late());
        if (shape.shape().items() == 1) {
            columns.add(Column.number(capitalized(items), "/s", REQUESTS, LevelTable::requests));
        } else {
            String rate = "requests per second × " + items + " per request";
            columns.add(number(
                    capitalized(items),
                    "/s",
                    rate,
                    3,
                    level -> level.throughput().itemsPerSecond()));
            columns.add(Column.number("Requests", "/s", REQUESTS, LevelTable::requests)
                    .late());
        }
        columns.add(
                Column.number("Errors", "of all", "failed requests; no percentile includes them", LevelTable::errors)
                        .late());
        columns.add(Column.number("Client adds", "ms at p50", CLIENT_ADDS, LevelTable::clientAdds)
                .late());
        columns.add(number(
                        "In flight",
                        "mean",
                        IN_FLIGHT,
                        2,
                        (LevelResults level) -> level.client().achievedConcurrency())
                .late());
        columns.add(number(
                        "Avg",
                        "ms",
                        "mean latency of successful requests",
                        3,
                        (LevelResults level) -> level.latency().avg())
                .late());
        columns.add(new Column<>("Drift", "", "", "", LevelTable::drift).late());
        columns.add(number(
                        "Tokens",
                        "/s",
                        "from the server's usage",
                        1,
                        (LevelResults level) -> level.tokens().perSecond())
                .late());
        if (shape.levels().stream().anyMatch(level -> level.tokens().lengths().isPresent())) {
            columns.add(Column.number("Tokens", "mean per " + workload.sent(), TOKENS, LevelTable::tokens)
                    .late());
        }
        columns.add(Column.number("Compared", "answers", COMPARED, LevelTable::compared)
                .late());
        return columns;
    }

    private static String capitalized(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static Cell tokens(LevelResults level) {
        Tokens tokens = level.tokens();
        return number(tokens.measuredPerItem(), 1)
                .with("", tokens.lengths().map(LevelTable::lengths).orElse(""));
    }

    private static String lengths(TokenLengths lengths) {
        StringBuilder text = new StringBuilder("per " + lengths.of() + ":");
        lengths.p50().ifPresent(p50 -> text.append(" p50 ").append(p50));
        lengths.p95().ifPresent(p95 -> text.append(" p95 ").append(p95));
        return text.append(" max ").append(lengths.max()).toString();
    }

    /** {@code [a] [c]}. */
    static String marks(LevelResults level, Footnotes footnotes) {
        return footnotes.marks(level.point()).stream()
                .map(mark -> "[" + mark + "]")
                .collect(Collectors.joining(" "));
    }

    private static Cell verdict(LevelResults level, Footnotes footnotes) {
        String marks = marks(level, footnotes);
        return level.valid()
                ? new Cell("✓ valid", marks, "", "", "good")
                : new Cell(
                        "✗ not quotable",
                        marks,
                        String.join("; ", level.validity().reasons()),
                        "",
                        "bad");
    }

    private static Cell silence(LevelResults level) {
        Optional<Interruptions> seen = level.evidence().interruptions();
        OptionalDouble at = of(seen, Interruptions::longestSilenceAtSeconds);
        return number(of(seen, Interruptions::longestSilenceMs), 3)
                .with("", at.isPresent() ? "from " + NumberText.of(at, 1) + " s on" : "");
    }

    private static Cell compared(LevelResults level) {
        return level.evidence()
                .answers()
                .map(answers -> whole(answers.compared())
                        .with(
                                answers.differing() + " differ",
                                answers.inFull() + " of " + answers.checked() + " read in full"
                                        + othersAtMost(answers)))
                .orElse(Cell.number("", OptionalDouble.empty()));
    }

    private static String othersAtMost(AnswersCompared answers) {
        OptionalDouble most = answers.othersPerMillionAtMost();
        return most.isPresent()
                ? "; 0 of " + answers.compared() + " answers were another's; at 95 % fewer than "
                        + NumberText.of(most, 0) + " in a million"
                : "";
    }

    private static <T> OptionalDouble of(Optional<T> known, Function<T, OptionalDouble> value) {
        return known.map(value).orElse(OptionalDouble.empty());
    }

    private static Cell percentile(LevelResults level, Latency times, Percentile percentile) {
        Optional<Estimate> estimate = times.estimate(percentile);
        String hint = estimate.map(known -> known.value() + " ms").orElseGet(() -> missing(level, percentile));
        return number(Estimate.value(estimate), 3).with(interval(estimate), hint);
    }

    private static OptionalDouble unwaited(LevelResults level) {
        return of(level.evidence().interruptions(), Interruptions::p99IfUsersDidNotWaitMs);
    }

    private static String missing(LevelResults level, Percentile percentile) {
        long successes = level.requests().successes();
        long needed = percentile.samplesNeeded();
        return successes < needed
                ? percentile.key() + " needs at least " + needed + " successful requests; there were " + successes
                : percentile.key() + " was not recorded";
    }

    private static Cell requests(LevelResults level) {
        Optional<Estimate> rate = level.throughput().requests();
        return number(Estimate.value(rate), 3).with(interval(rate), "");
    }

    private static String interval(Optional<Estimate> estimate) {
        return estimate.flatMap(Estimate::interval)
                .map(interval -> NumberText.of(interval, 3))
                .orElse("");
    }

    private static Cell errors(LevelResults level) {
        return whole(level.requests().errors())
                .with("of " + NumberText.of(level.requests().count(), 0), "");
    }

    private static Cell clientAdds(LevelResults level) {
        Optional<ClientAdds> adds = level.client().adds();
        OptionalDouble p99 = adds.map(ClientAdds::p99Ms).orElse(OptionalDouble.empty());
        String detail = p99.isPresent() ? NumberText.millis(p99) + " at p99" : "";
        return number(adds.map(ClientAdds::p50Ms).orElse(OptionalDouble.empty()), 3)
                .with(detail, adds.isPresent() ? "" : "calibration was switched off, or not recorded");
    }

    private static Cell drift(LevelResults level) {
        Optional<Drift> drift = level.course().drift();
        String verdict = drift.map(Drift::verdict).orElse(Cell.UNKNOWN);
        String hint = drift.map(Drift::words).orElse("not recorded");
        return new Cell(verdict, "", hint, "", verdict.equals(Drift.DRIFTING) ? "warn" : "");
    }
}
