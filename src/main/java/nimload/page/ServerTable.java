package nimload.page;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.page.Table.Cell;
import nimload.page.Table.Column;
import nimload.page.Table.Row;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.ServerShare;

/** What the servers' own metrics said of each level, beside what the client saw. */
final class ServerTable {
    private static final double GIB = 1L << 30;

    /** How a level's reason begins that was found by the server's count. */
    private static final String SHARED = "someone else used the NIM";

    private static final String NOT_SAID = "not known from the server's metrics";

    private ServerTable() {}

    /** Empty where no level has any. */
    static Optional<Table> of(RunResults run) {
        List<Row> rows = run.levels().stream()
                .flatMap(level -> level.server().stream().map(server -> row(level, server)))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Table("server-levels", "The servers' own metrics, a level each", columns(), rows));
    }

    /** What a reader must know of these numbers, each once. */
    static List<String> notes(RunResults run) {
        return run.levels().stream()
                .flatMap(level -> level.server().stream())
                .flatMap(server -> server.notes().stream())
                .distinct()
                .toList();
    }

    private static List<Column> columns() {
        return List.of(
                Column.text("Level"),
                Column.number("Conc.", "", ""),
                Column.number("GPU busy", "mean, max", "utilisation over the samples of the level"),
                Column.number("Power", "W", "mean and highest, all GPUs together"),
                Column.number("Memory", "GiB", "highest used, of all there is"),
                Column.number("Energy", "J / 1,000 items", "by the server's own counter"),
                Column.number("Batch", "mean items", "items computed together: count ÷ executions"),
                Column.number("Queue", "ms", "mean time of a request in the server's queue"),
                Column.number("Compute", "ms", "mean time of a request in computation"),
                Column.number("In server", "ms", "mean time of a request in the server"),
                Column.number("Client's avg", "ms", "mean latency as this client saw it"),
                Column.number("Waiting", "most", "requests seen pending"),
                Column.number("Counted", "server − client", "requests that the server counted beyond this client's"),
                Column.number("Samples", "", "pages of metrics that were read"));
    }

    private static Row row(LevelResults level, ServerShare server) {
        OptionalDouble memory = scaled(server.gpuMemoryUsedBytes(), 1 / GIB);
        OptionalDouble memoryTotal = scaled(server.gpuMemoryTotalBytes(), 1 / GIB);
        return new Row(
                "",
                List.of(
                        Cell.text(level.shape()),
                        Cell.number(Integer.toString(level.concurrency()), OptionalDouble.of(level.concurrency())),
                        Cell.number(NumberText.percent(server.gpuUtilization()), server.gpuUtilization(), NOT_SAID)
                                .with(upTo(NumberText.percent(server.gpuUtilizationMax())), ""),
                        Cell.number(NumberText.of(server.gpuPowerWatts(), 1), server.gpuPowerWatts(), NOT_SAID)
                                .with(upTo(NumberText.of(server.gpuPowerWattsMax(), 1)), ""),
                        Cell.number(NumberText.of(memory, 1), memory, NOT_SAID)
                                .with(memoryTotal.isPresent() ? "of " + NumberText.of(memoryTotal, 1) : "", ""),
                        plain(server.joulesPer1000Items(), 3),
                        plain(server.meanBatch(), 2),
                        plain(server.queueMs(), 3),
                        plain(server.computeMs(), 3),
                        plain(server.requestMs(), 3),
                        Cell.number(
                                NumberText.millis(level.latencyMs().avg()),
                                level.latencyMs().avg()),
                        plain(server.pendingMax(), 0),
                        difference(level, server.requestsCounted(), server.requestsSent()),
                        plain(OptionalDouble.of(server.samples()), 0)));
    }

    private static Cell plain(OptionalDouble value, int decimals) {
        return Cell.number(NumberText.of(value, decimals), value, NOT_SAID);
    }

    private static String upTo(String highest) {
        return highest.equals(NumberText.UNKNOWN) ? "" : "max " + highest;
    }

    private static OptionalDouble scaled(OptionalDouble value, double factor) {
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
    }

    /** Coloured only where it speaks against the level: a server may divide requests, or count some of another level. */
    private static Cell difference(LevelResults level, OptionalLong counted, OptionalLong sent) {
        if (counted.isEmpty() || sent.isEmpty()) {
            return Cell.number(NumberText.UNKNOWN, OptionalDouble.empty(), NOT_SAID);
        }
        long more = counted.getAsLong() - sent.getAsLong();
        String shown = (more > 0 ? "+" : more < 0 ? "−" : "") + NumberText.of(Math.abs(more), 0);
        Optional<String> shared = level.reasons().stream()
                .filter(reason -> reason.startsWith(SHARED))
                .findFirst();
        return new Cell(
                shown,
                NumberText.of(counted.getAsLong(), 0) + " − " + NumberText.of(sent.getAsLong(), 0),
                shared.orElse(more == 0 ? "" : "see the notes below the table"),
                Long.toString(more),
                shared.isPresent() ? "n warn" : "n");
    }
}
