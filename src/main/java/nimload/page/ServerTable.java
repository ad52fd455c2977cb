package nimload.page;

import static nimload.page.LevelColumns.number;
import static nimload.page.LevelColumns.whole;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.GpuUse;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.ServerShare;
import nimload.results.ServerTimes;
import nimload.results.Table;

/** What the servers' own metrics report for each level, next to what the client saw. */
final class ServerTable {
    private static final double GIB = 1L << 30;

    /** How a level's reason begins that was found by the server's count. */
    private static final String SHARED = "someone else used the NIM";

    private static final String NOT_REPORTED =
            "not in the server's metrics, or left out: see the notes below the table";

    /** A level and what its server reports. */
    private record Row(LevelResults level, ServerShare server) {}

    private static final List<Column<Row>> COLUMNS = List.of(
            LevelColumns.shape(Row::level),
            LevelColumns.concurrency(Row::level),
            gpu("GPU busy", "mean, max", "utilisation over the level's samples", ServerTable::busy),
            gpu("Power", "W", "mean and maximum, all GPUs together", ServerTable::power),
            gpu("Memory", "GiB", "most in use, and the total", ServerTable::memory),
            gpu("Energy", "J / 1,000 items", "by the server's counter", gpu -> reported(gpu.joulesPer1000Items(), 3)),
            time("Batch", "mean items", "items computed together: count ÷ executions", 2, ServerTimes::meanBatch),
            time("Queue", "ms", "mean time of a request in the server's queue", 3, ServerTimes::queueMs),
            time("Compute", "ms", "mean time of a request in computation", 3, ServerTimes::computeMs),
            time("In server", "ms", "mean time of a request in the server", 3, ServerTimes::requestMs),
            number(
                    "Client's avg",
                    "ms",
                    "mean latency at this client",
                    3,
                    row -> row.level.latency().avg()),
            time("Waiting", "max", "most requests seen waiting in the server", 0, ServerTimes::pendingMax),
            Column.number(
                    "Counted", "server − client", "counted by the server − sent by this client", ServerTable::counted),
            Column.number("Samples", "", "how often the metrics were read", row -> whole(row.server.samples())));

    private ServerTable() {}

    /** Empty where no level has any. */
    static Optional<Table> of(RunResults run) {
        List<Row> rows = run.levels().stream()
                .flatMap(level -> level.server().stream().map(server -> new Row(level, server)))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(Table.of("server-levels", "The servers' own metrics, per level", COLUMNS, rows));
    }

    /** What a reader must know of these numbers, each once. */
    static List<String> notes(RunResults run) {
        return run.levels().stream()
                .flatMap(level -> Stream.concat(
                        level.server().stream(),
                        level.replicas().stream().flatMap(replica -> replica.server().stream())))
                .flatMap(server -> server.notes().stream())
                .distinct()
                .toList();
    }

    private static Column<Row> gpu(String title, String unit, String hint, Function<GpuUse, Cell> cell) {
        return Column.number(title, unit, hint, row -> cell.apply(row.server.gpu()));
    }

    private static Column<Row> time(
            String title, String unit, String hint, int decimals, Function<ServerTimes, OptionalDouble> value) {
        return Column.number(title, unit, hint, row -> reported(value.apply(row.server.times()), decimals));
    }

    private static Cell reported(OptionalDouble value, int decimals) {
        return Cell.number(NumberText.of(value, decimals), value, NOT_REPORTED);
    }

    private static Cell busy(GpuUse gpu) {
        return Cell.number(NumberText.percent(gpu.gpuUtilization()), gpu.gpuUtilization(), NOT_REPORTED)
                .with(upTo(NumberText.percent(gpu.gpuUtilizationMax())), "");
    }

    private static Cell power(GpuUse gpu) {
        return reported(gpu.gpuPowerWatts(), 1).with(upTo(NumberText.of(gpu.gpuPowerWattsMax(), 1)), "");
    }

    private static Cell memory(GpuUse gpu) {
        OptionalDouble total = gib(gpu.gpuMemoryTotalBytes());
        return reported(gib(gpu.gpuMemoryUsedBytes()), 1)
                .with(total.isPresent() ? "of " + NumberText.of(total, 1) : "", "");
    }

    private static String upTo(String highest) {
        return highest.equals(Cell.UNKNOWN) ? "" : "max " + highest;
    }

    private static OptionalDouble gib(OptionalDouble bytes) {
        return bytes.stream().map(known -> known / GIB).findFirst();
    }

    /** Coloured only where it speaks against the level: a server may divide requests, or count some of another level. */
    private static Cell counted(Row row) {
        OptionalLong counted = row.server.requestsCounted();
        OptionalLong sent = row.server.requestsSent();
        if (counted.isEmpty() || sent.isEmpty()) {
            return reported(OptionalDouble.empty(), 0);
        }
        long more = counted.getAsLong() - sent.getAsLong();
        Optional<String> shared = row.level.validity().reasons().stream()
                .filter(reason -> reason.startsWith(SHARED))
                .findFirst();
        return new Cell(
                (more > 0 ? "+" : more < 0 ? "−" : "") + NumberText.of(Math.abs(more), 0),
                NumberText.of(counted.getAsLong(), 0) + " − " + NumberText.of(sent.getAsLong(), 0),
                shared.orElse(more == 0 ? "" : "see the notes below the table"),
                Long.toString(more),
                shared.isPresent() ? "n warn" : "n");
    }
}
