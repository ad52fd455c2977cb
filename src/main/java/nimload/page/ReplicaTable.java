package nimload.page;

import static nimload.page.LevelColumns.number;
import static nimload.page.LevelColumns.whole;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.LevelResults;
import nimload.results.Replica;
import nimload.results.RunResults;
import nimload.results.ServerShare;
import nimload.results.Table;

/** Each replica's share of each level, of runs with several replicas. */
final class ReplicaTable {
    private record Row(LevelResults level, Replica replica) {}

    private static final List<Column<Row>> COLUMNS = List.of(
            LevelColumns.shape(Row::level),
            LevelColumns.concurrency(Row::level),
            Column.text("Replica", row -> row.replica.url()),
            Column.number("Users", "", "users that send to it", row -> whole(row.replica.users())),
            number("In flight", "", "mean requests in flight", 2, row -> row.replica.inFlight()),
            Column.number("Requests", "", "counted", row -> whole(row.replica.requests())),
            Column.number("Errors", "", "of these, failed", row -> whole(row.replica.errors())),
            number("Rate", "req/s", "successful requests", 1, row -> row.replica.requestsPerSecond()),
            number("P50", "ms", "of successful requests", 3, row -> row.replica.p50Ms()),
            number("P95", "ms", "of successful requests", 3, row -> row.replica.p95Ms()),
            Column.number(
                    "Counted",
                    "server − client",
                    "counted by the server − sent by this client, in the whole level",
                    ReplicaTable::counted),
            Column.number("GPU busy", "mean", "utilisation over the level's samples", ReplicaTable::busy));

    private ReplicaTable() {}

    /** Empty where no level has several. */
    static Optional<Table> of(RunResults run) {
        List<Row> rows = run.levels().stream()
                .flatMap(level -> level.replicas().stream().map(replica -> new Row(level, replica)))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(Table.of("replica-levels", "Each replica's share, per level", COLUMNS, rows));
    }

    private static Cell counted(Row row) {
        OptionalLong counted =
                row.replica.server().map(ServerShare::requestsCounted).orElse(OptionalLong.empty());
        OptionalLong sent = row.replica.server().map(ServerShare::requestsSent).orElse(OptionalLong.empty());
        return counted.isPresent() && sent.isPresent()
                ? whole(counted.getAsLong() - sent.getAsLong())
                : Cell.text(Cell.UNKNOWN);
    }

    private static Cell busy(Row row) {
        OptionalDouble busy = row.replica
                .server()
                .map(server -> server.gpu().gpuUtilization())
                .orElse(OptionalDouble.empty());
        return Cell.number(NumberText.percent(busy), busy);
    }
}
