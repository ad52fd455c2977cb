package nimload.page;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.page.Table.Cell;
import nimload.page.Table.Column;
import nimload.page.Table.Row;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/** How the load generator itself fared: whether a number is the NIM's or the client's. */
final class ClientTable {
    private ClientTable() {}

    /** Empty for a run without levels, or of another tool that said nothing of itself. */
    static Optional<Table> of(RunResults run) {
        boolean known = run.levels().stream()
                .anyMatch(level -> level.machineCpu().isPresent()
                        || level.processCpu().isPresent()
                        || level.meanGapMs().isPresent()
                        || level.clientHealth().isPresent()
                        || level.clientAdds().isPresent());
        return known
                ? Optional.of(new Table(
                        "client-levels",
                        "The load generator during each level",
                        columns(),
                        run.levels().stream().map(ClientTable::row).toList()))
                : Optional.empty();
    }

    /** What is known of the client's own share. */
    static String calibration(RunResults run) {
        long calibrated = run.levels().stream()
                .filter(level -> level.clientAdds().isPresent())
                .count();
        if (calibrated == 0) {
            return "What this client adds to a latency is not known: calibration was switched off, or not recorded.";
        }
        return "Before the grid the same machinery sent the same requests to a server that answers after a fixed time;"
                + " what a latency had beyond that time is what this client adds."
                + (calibrated < run.levels().size()
                        ? " Measured for " + calibrated + " of " + run.levels().size() + " levels."
                        : "");
    }

    private static List<Column> columns() {
        return List.of(
                Column.text("Level"),
                Column.number("Conc.", "", ""),
                Column.number("Adds", "ms at p50", "this client's own share of a latency"),
                Column.number("Adds", "ms at p99", "this client's own share of a latency"),
                Column.number("Gap", "ms", "mean time between an answer and the same user's next send"),
                Column.number("CPU", "machine", "share of all cores that were busy"),
                Column.number("CPU", "nimload", "share of all cores that this process used"),
                Column.number("GC", "pauses", "stops of the JVM by its garbage collector"),
                Column.number("GC", "ms in all", ""),
                Column.number("GC", "ms longest", ""),
                Column.number("Loop lag", "ms at p50", "from handing a task to a user's event loop until it ran"),
                Column.number("Loop lag", "ms at p99", ""),
                Column.number("Loop lag", "ms at most", ""));
    }

    private static Row row(LevelResults level) {
        Optional<ClientHealth> health = level.clientHealth();
        Optional<ClientAdds> adds = level.clientAdds();
        OptionalLong pauses = health.map(ClientHealth::gcPauses).orElse(OptionalLong.empty());
        return new Row(
                "",
                List.of(
                        Cell.text(level.shape()),
                        Cell.number(Integer.toString(level.concurrency()), OptionalDouble.of(level.concurrency())),
                        millis(adds.map(ClientAdds::p50Ms)),
                        millis(adds.map(ClientAdds::p99Ms)),
                        millis(Optional.of(level.meanGapMs())),
                        share(level.machineCpu()),
                        share(level.processCpu()),
                        pauses.isPresent()
                                ? Cell.number(Long.toString(pauses.getAsLong()), OptionalDouble.of(pauses.getAsLong()))
                                : Cell.number(NumberText.UNKNOWN, OptionalDouble.empty()),
                        millis(health.map(ClientHealth::gcPauseMs)),
                        millis(health.map(ClientHealth::gcLongestMs)),
                        millis(health.map(ClientHealth::loopLagP50Ms)),
                        millis(health.map(ClientHealth::loopLagP99Ms)),
                        millis(health.map(ClientHealth::loopLagMaxMs))));
    }

    private static Cell millis(Optional<OptionalDouble> value) {
        OptionalDouble known = value.orElse(OptionalDouble.empty());
        return Cell.number(NumberText.millis(known), known);
    }

    private static Cell share(OptionalDouble value) {
        return Cell.number(NumberText.percent(value), value);
    }
}
