package nimload.page;

import static nimload.page.LevelColumns.number;
import static nimload.page.LevelColumns.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.AnswersCompared;
import nimload.results.Cell;
import nimload.results.ClientAdds;
import nimload.results.Column;
import nimload.results.Drift;
import nimload.results.Estimate;
import nimload.results.Interruptions;
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

    private LevelTable() {}

    static Table of(ShapeLevels.Group group) {
        String caption = "Levels of " + group.workload().key() + ", with 95 % intervals below the numbers";
        return Table.of(group.id() + "-levels", caption, columns(group.workload()), group.levels());
    }

    private static List<Column<LevelResults>> columns(Workload workload) {
        String sent = workload.sent();
        String items = workload.items();
        List<Column<LevelResults>> columns = new ArrayList<>();
        columns.add(LevelColumns.concurrency(level -> level));
        columns.add(Column.number("Tokens", "per " + sent, "as the server counts them", LevelTable::tokens));
        String itemsSetting = capitalized(workload.itemsSetting());
        columns.add(Column.number(itemsSetting, "", sent + "s per request", LevelTable::items));
        columns.add(new Column<>("Verdict", "", "", "", LevelTable::verdict));
        for (Percentile percentile : Percentile.values()) {
            String hint = percentile.share() + " % of the successful requests took at most this long";
            columns.add(Column.number(percentile.key(), "ms", hint, level -> percentile(level, percentile)));
        }
        columns.add(number(
                "Max",
                "ms",
                "the longest successful request",
                3,
                level -> level.latency().max()));
        columns.add(Column.number("Silence", "ms longest", SILENCE, LevelTable::silence));
        columns.add(number(
                "Avg",
                "ms",
                "mean latency of successful requests",
                3,
                level -> level.latency().avg()));
        columns.add(Column.number("Requests", "/s", REQUESTS, LevelTable::requests));
        String rate = "requests per second × " + items + " per request";
        columns.add(number(
                capitalized(items), "/s", rate, 3, level -> level.throughput().itemsPerSecond()));
        columns.add(number(
                "Tokens",
                "/s",
                "from the server's usage",
                1,
                level -> level.tokens().perSecond()));
        columns.add(number(
                "In flight", "mean", IN_FLIGHT, 2, level -> level.client().achievedConcurrency()));
        columns.add(
                Column.number("Errors", "of all", "failed requests; no percentile includes them", LevelTable::errors));
        columns.add(Column.number("Client adds", "ms at p50", CLIENT_ADDS, LevelTable::clientAdds));
        columns.add(Column.number("Compared", "answers", COMPARED, LevelTable::compared));
        columns.add(new Column<>("Drift", "", "", "", LevelTable::drift));
        return columns;
    }

    private static String capitalized(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static Cell tokens(LevelResults level) {
        LoadPoint point = level.point();
        Tokens tokens = level.tokens();
        String lengths = tokens.lengths().map(LevelTable::lengths).orElse("");
        if (point.texts().isPresent()) {
            return number(tokens.measuredPerItem(), 1)
                    .with(lengths, "mean, of " + point.texts().get().description());
        }
        String query = point.queryTokens() > 0 ? "+ " + point.queryTokens() + " of the query" : "";
        String details =
                Stream.of(query, lengths).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
        return Cell.number(point.shape().length(), OptionalDouble.of(point.inputTokens()))
                .with(details, "");
    }

    private static String lengths(TokenLengths lengths) {
        StringBuilder text = new StringBuilder("per " + lengths.of() + ":");
        lengths.p50().ifPresent(p50 -> text.append(" p50 ").append(p50));
        lengths.p95().ifPresent(p95 -> text.append(" p95 ").append(p95));
        return text.append(" max ").append(lengths.max()).toString();
    }

    private static Cell items(LevelResults level) {
        return level.point().items() == 0
                ? Cell.number("as in the file", OptionalDouble.empty())
                : whole(level.point().items());
    }

    private static Cell verdict(LevelResults level) {
        List<String> details = new ArrayList<>(level.validity().reasons());
        if (level.valid() && !level.tokens().verified()) {
            details.add("tokens not verified");
        }
        level.validity().remarks().forEach(remark -> details.add("note: " + remark));
        String detail = String.join("; ", details);
        return level.valid()
                ? new Cell("✓ valid", detail, "", "", "good")
                : new Cell("✗ do not quote", detail, "", "", "bad");
    }

    private static Cell silence(LevelResults level) {
        Optional<Interruptions> seen = level.evidence().interruptions();
        OptionalDouble at = of(seen, Interruptions::longestSilenceAtSeconds);
        return number(of(seen, Interruptions::longestSilenceMs), 3)
                .with(at.isPresent() ? "from " + NumberText.of(at, 1) + " s on" : "", "");
    }

    private static Cell compared(LevelResults level) {
        return level.evidence()
                .answers()
                .map(answers -> whole(answers.compared())
                        .with(
                                answers.differing() + " differ; " + answers.inFull() + " of " + answers.checked()
                                        + " read in full",
                                othersAtMost(answers)))
                .orElse(Cell.number("", OptionalDouble.empty()));
    }

    private static String othersAtMost(AnswersCompared answers) {
        OptionalDouble most = answers.othersPerMillionAtMost();
        return most.isPresent()
                ? "0 of " + answers.compared() + " answers were another's; at 95 % fewer than " + NumberText.of(most, 0)
                        + " in a million"
                : "";
    }

    private static <T> OptionalDouble of(Optional<T> known, Function<T, OptionalDouble> value) {
        return known.map(value).orElse(OptionalDouble.empty());
    }

    private static Cell percentile(LevelResults level, Percentile percentile) {
        Optional<Estimate> estimate = level.latency().estimate(percentile);
        String hint = estimate.map(known -> known.value() + " ms").orElseGet(() -> missing(level, percentile));
        return number(Estimate.value(estimate), 3).with(detail(level, percentile, estimate), hint);
    }

    private static String detail(LevelResults level, Percentile percentile, Optional<Estimate> estimate) {
        OptionalDouble unwaited = of(level.evidence().interruptions(), Interruptions::p99IfUsersDidNotWaitMs);
        return percentile == Percentile.P99 && unwaited.isPresent()
                ? interval(estimate) + "; " + NumberText.of(unwaited, 3) + " if users did not wait"
                : interval(estimate);
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
