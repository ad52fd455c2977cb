package nimload.page;

import static nimload.page.LevelColumns.number;
import static nimload.page.LevelColumns.whole;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import nimload.results.Arrivals;
import nimload.results.Capacity;
import nimload.results.Capacity.Step;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Estimate;
import nimload.results.Footnotes;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Table;

/**
 * A search's part of the page.
 *
 * @param rate whether a rate was raised, and not users
 * @param steps in order of load
 */
record SearchPart(String id, String answer, boolean rate, Table steps) {
    private static final String GOODPUT = "right answers within the shortest limit ÷ length of the measured window";
    private static final String ANSWERED = "successful requests ÷ length of the measured window";
    private static final String UNCORRECTED =
            "from the real send, as tools report it that wait for answers: what a request waited before it was sent is missing";
    private static final String HIDES =
            "p95 of response time − p95 of latency, where that is more than a tenth of the first";
    private static final String WAITING =
            "the most requests that waited at once to be sent, because as many as allowed were in flight";
    private static final String LAG =
            "from the intended send to the real one, of requests that nothing kept from being sent: this client's own delay";

    /** A tenth of a response time is more than noise. */
    private static final double HIDES_SHARE = 0.1;

    private record Row(Step step, Optional<LevelResults> level) {
        <T> Optional<T> map(Function<LevelResults, T> value) {
            return level.map(value);
        }

        OptionalDouble number(Function<LevelResults, OptionalDouble> value) {
            return level.map(value).orElse(OptionalDouble.empty());
        }
    }

    static SearchPart of(ShapeLevels shape, Capacity search, Footnotes footnotes) {
        List<Step> steps = search.steps().stream()
                .sorted(Comparator.comparingDouble(Step::load))
                .toList();
        List<Row> rows = IntStream.range(0, steps.size())
                .mapToObj(number -> new Row(
                        steps.get(number),
                        // A load that was tried more than once has one level: the last try's.
                        number + 1 < steps.size()
                                        && steps.get(number + 1).load()
                                                == steps.get(number).load()
                                ? Optional.empty()
                                : level(shape, search, steps.get(number))))
                .toList();
        return new SearchPart(
                shape.id(),
                SearchWords.answer(search),
                !search.byConcurrency(),
                Table.of(
                        shape.id() + "-steps",
                        "Steps of the search, in order of load, with 95 % intervals below the numbers",
                        columns(search, footnotes),
                        rows));
    }

    private static Optional<LevelResults> level(ShapeLevels shape, Capacity search, Step step) {
        return shape.levels().stream()
                .filter(level -> search.loadOf(level.point()) == step.load())
                .findFirst();
    }

    private static List<Column<Row>> columns(Capacity search, Footnotes footnotes) {
        boolean rate = !search.byConcurrency();
        List<Column<Row>> columns = new ArrayList<>();
        columns.add(Column.number(
                rate ? "Rate" : "Users",
                rate ? "/s" : "",
                rate ? "requests per second that were to be sent" : "each sends again after its answer",
                row -> Cell.number(NumberText.exact(row.step.load()), OptionalDouble.of(row.step.load()))));
        columns.add(new Column<>("Verdict", "", "", "", SearchPart::verdict));
        columns.add(
                Column.number("Requests", "", "counted, successful and failed", (Row row) -> whole(row.step.requests()))
                        .late());
        columns.add(Column.number(
                        "Answered",
                        "/s",
                        ANSWERED,
                        (Row row) -> estimate(
                                row.map(level -> level.throughput().requests()).flatMap(known -> known)))
                .late());
        columns.add(number(
                "Goodput",
                "/s",
                GOODPUT,
                3,
                row -> row.step.showsRate() ? row.step.goodputPerSecond() : OptionalDouble.empty()));
        for (Percentile percentile : List.of(Percentile.P50, Percentile.P95, Percentile.P99)) {
            Column<Row> column = Column.number(
                    "Response",
                    percentile.key() + " ms",
                    rate ? "from the intended send to the last byte of the answer" : "from the send to the last byte",
                    row -> estimate(
                            row.map(LevelResults::response).flatMap(response -> response.estimate(percentile))));
            columns.add(percentile == Percentile.P95 ? column : column.late());
        }
        if (rate) {
            columns.add(number(
                            "Latency",
                            "p95 ms, uncorrected",
                            UNCORRECTED,
                            3,
                            (Row row) -> row.number(level -> level.percentile(Percentile.P95)))
                    .late());
            columns.add(number("It hides", "ms", HIDES, 3, (Row row) -> row.number(SearchPart::hidden))
                    .late());
            columns.add(Column.number(
                            "Waited",
                            "most at once",
                            WAITING,
                            (Row row) -> arrivals(row)
                                    .map(arrivals -> whole(arrivals.mostWaiting()))
                                    .orElseGet(() -> number(OptionalDouble.empty(), 0)))
                    .late());
            columns.add(number(
                            "Send lag",
                            "p90 ms",
                            LAG,
                            3,
                            (Row row) -> arrivals(row)
                                    .map(Arrivals::sendLag)
                                    .map(lag -> lag.at(Percentile.P90))
                                    .orElse(OptionalDouble.empty()))
                    .late());
        }
        columns.add(new Column<>(
                        "Quotable", "", "whether the numbers may be quoted", "", (Row row) -> quotable(row, footnotes))
                .late());
        return columns;
    }

    private static Optional<Arrivals> arrivals(Row row) {
        return row.level.flatMap(level -> level.throughput().arrivals());
    }

    private static Cell verdict(Row row) {
        if (row.step.triedAgain()) {
            return new Cell("tried again", "", row.step.verdict().substring(Step.AGAIN.length()), "", "warn");
        }
        String kind = row.step.holds() ? "good" : row.step.broken() ? "bad" : "warn";
        String sign = row.step.holds() ? "✓ " : row.step.broken() ? "✗ " : "";
        return new Cell(sign + row.step.verdict(), "", "", "", kind);
    }

    private static Cell estimate(Optional<Estimate> estimate) {
        return number(Estimate.value(estimate), 3)
                .with(
                        estimate.flatMap(Estimate::interval)
                                .map(interval -> NumberText.of(interval, 3))
                                .orElse(""),
                        "");
    }

    /** ms that the latency from the real send leaves out of p95; empty for a tenth of it or less. */
    static OptionalDouble hidden(LevelResults level) {
        Latency response = level.response();
        OptionalDouble all = response.at(Percentile.P95);
        OptionalDouble seen = level.percentile(Percentile.P95);
        return all.isPresent()
                        && seen.isPresent()
                        && all.getAsDouble() - seen.getAsDouble() > HIDES_SHARE * all.getAsDouble()
                ? OptionalDouble.of(all.getAsDouble() - seen.getAsDouble())
                : OptionalDouble.empty();
    }

    private static Cell quotable(Row row, Footnotes footnotes) {
        return row.level
                .map(level -> new Cell(
                        level.valid() ? "✓" : "✗",
                        LevelTable.marks(level, footnotes),
                        String.join("; ", level.validity().reasons()),
                        "",
                        ""))
                .orElse(Cell.text(Cell.UNKNOWN));
    }
}
