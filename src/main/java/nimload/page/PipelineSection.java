package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Estimate;
import nimload.results.Latency;
import nimload.results.Percentile;
import nimload.results.Pipeline;
import nimload.results.RunResults;
import nimload.results.Searches;
import nimload.results.Table;

/**
 * The searches of a retrieval pipeline: what they and their parts took, without ingestion and with it.
 *
 * @param sentence the result in words
 * @param what the searches did
 * @param counts of each level, a sentence each
 * @param table whole searches and their parts, the levels side by side
 * @param bars mean parts of a search, one bar per level on one scale
 * @param reasons why the numbers should not be quoted
 */
record PipelineSection(
        String sentence, String what, List<String> counts, Table table, List<Bar> bars, List<String> reasons) {
    /** Width of the longest bar, in the units of the drawing. */
    private static final double WIDTH = 1000;

    private static final List<String> PARTS =
            List.of(Searches.EMBEDDING, Searches.SEARCH, Searches.RERANKING, Searches.GAPS);

    /** A level's bar. */
    record Bar(String label, List<Segment> segments) {}

    /**
     * @param number of the part, from 0: its colour
     * @param title name and mean
     * @param x where it begins, 0 to 1,000
     */
    record Segment(int number, String title, String x, String width) {}

    /**
     * What a row shows.
     *
     * @param of as in the differences
     * @param latency of a level
     */
    private record Row(String name, String of, String hint, Function<Searches, Latency> latency) {
        static Row part(String name) {
            String hint = switch (name) {
                case Searches.SEARCH -> "the pause that stands for it, as long as it really was";
                case Searches.GAPS -> "the client's own, between the other parts";
                default -> "from the first byte of the request to the last byte of its answer";
            };
            return new Row(
                    name,
                    name,
                    hint,
                    level -> level.part(name).map(Searches.Part::latency).orElse(Latency.UNKNOWN));
        }
    }

    /** Empty for other runs. */
    static Optional<PipelineSection> of(RunResults run) {
        return run.pipeline()
                .filter(pipeline -> !pipeline.levels().isEmpty())
                .map(pipeline -> new PipelineSection(
                        pipeline.sentence(),
                        what(pipeline),
                        pipeline.levels().stream().map(PipelineSection::counts).toList(),
                        Table.of(
                                "pipeline-parts",
                                "Whole searches and their parts, ms",
                                columns(pipeline),
                                rows(pipeline)),
                        bars(pipeline.levels()),
                        pipeline.levels().stream()
                                .flatMap(
                                        level -> level.reasons().stream().map(reason -> level.during() + ": " + reason))
                                .toList()));
    }

    private static String what(Pipeline pipeline) {
        return "Each search embeds a query, pauses for " + pipeline.search()
                + " in place of a vector search, and has passages ranked against the query. Load: " + pipeline.load()
                + ".";
    }

    private static String counts(Searches level) {
        return String.format(
                Locale.ROOT,
                "%s%s: %,d searches%s%s%s",
                level.during(),
                level.ingestion().equals("off") ? "" : " (" + level.ingestion() + ")",
                level.count(),
                level.failed() > 0 ? String.format(Locale.ROOT, ", of which %,d failed", level.failed()) : "",
                level.perSecond().isPresent() ? ", " + NumberText.of(level.perSecond(), 2) + " per second" : "",
                level.pauseLate().at(Percentile.P90).isPresent()
                        ? "; one pause in ten was at least "
                                + NumberText.millis(level.pauseLate().at(Percentile.P90)) + " ms too long"
                        : "");
    }

    private static List<Row> rows(Pipeline pipeline) {
        boolean open = pipeline.levels().get(0).arrivals().isPresent();
        Row felt = new Row(
                open ? "search, from its intended start" : "search",
                Pipeline.WHOLE,
                open ? "what somebody feels who does not wait for others" : "from its first byte to its last",
                Searches::felt);
        Row sent = new Row("search, from its first byte", "", "the sum of the parts below", Searches::latency);
        return Stream.concat(
                        open ? Stream.of(felt, sent) : Stream.of(felt),
                        PARTS.stream().map(Row::part))
                .toList();
    }

    private static List<Column<Row>> columns(Pipeline pipeline) {
        List<Column<Row>> columns = new ArrayList<>();
        columns.add(new Column<>("Part", "", "", "", row -> new Cell(row.name(), "", row.hint(), "", "")));
        for (Percentile percentile : List.of(Percentile.P95, Percentile.P50)) {
            for (Searches level : pipeline.levels()) {
                columns.add(Column.number(
                        percentile.key(),
                        level.during(),
                        "",
                        row -> estimate(row.latency().apply(level).estimate(percentile))));
            }
            if (pipeline.levels().size() > 1) {
                columns.add(Column.number(
                        percentile.key(),
                        "added",
                        "with ingestion less without, and its 95 % interval",
                        row -> added(pipeline.difference(row.of(), percentile))));
            }
        }
        for (Searches level : pipeline.levels()) {
            columns.add(LevelColumns.number(
                    "mean",
                    level.during(),
                    "means of parts add up",
                    3,
                    row -> row.latency().apply(level).avg()));
        }
        for (Searches level : pipeline.levels()) {
            if (level.parts().stream().anyMatch(part -> part.service().isPresent())) {
                columns.add(Column.<Row>number(
                                "server",
                                level.during(),
                                "the server's own mean time, which only the emulator sends",
                                row -> service(level, row))
                        .late());
            }
        }
        return columns;
    }

    /** Only requests have one. */
    private static Cell service(Searches level, Row row) {
        return level.part(row.of())
                .flatMap(Searches.Part::service)
                .map(service -> LevelColumns.number(OptionalDouble.of(service.meanMs()), 3))
                .orElse(Cell.text(""));
    }

    private static Cell estimate(Optional<Estimate> estimate) {
        Cell cell = LevelColumns.number(Estimate.value(estimate), 3);
        return estimate.flatMap(Estimate::interval)
                .map(interval -> cell.with(NumberText.of(interval, 3), ""))
                .orElse(cell);
    }

    private static Cell added(Optional<Pipeline.Difference> difference) {
        return difference
                .map(found -> Cell.number(
                                (found.addedMs() > 0 ? "+" : "") + NumberText.of(found.addedMs(), 3),
                                OptionalDouble.of(found.addedMs()))
                        .with(
                                found.interval()
                                        .map(interval -> NumberText.of(interval, 3))
                                        .orElse(""),
                                ""))
                .orElse(Cell.text(""));
    }

    private static List<Bar> bars(List<Searches> levels) {
        double longest = levels.stream()
                .mapToDouble(level ->
                        PARTS.stream().mapToDouble(part -> mean(level, part)).sum())
                .max()
                .orElse(0);
        return longest > 0
                ? levels.stream().map(level -> bar(level, WIDTH / longest)).toList()
                : List.of();
    }

    private static Bar bar(Searches level, double scale) {
        List<Segment> segments = new ArrayList<>();
        double x = 0;
        for (String part : PARTS) {
            double width = scale * mean(level, part);
            segments.add(new Segment(
                    segments.size(),
                    part + " " + NumberText.of(mean(level, part), 3) + " ms",
                    String.format(Locale.ROOT, "%.1f", x),
                    String.format(Locale.ROOT, "%.1f", width)));
            x += width;
        }
        return new Bar(level.during(), segments);
    }

    private static double mean(Searches level, String part) {
        return level.part(part)
                .map(Searches.Part::latency)
                .orElse(Latency.UNKNOWN)
                .avg()
                .orElse(0);
    }
}
