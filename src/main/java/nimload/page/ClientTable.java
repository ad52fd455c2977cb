package nimload.page;

import static nimload.page.LevelColumns.number;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import nimload.results.Cell;
import nimload.results.Client;
import nimload.results.ClientAdds;
import nimload.results.ClientHealth;
import nimload.results.Column;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Table;

/** The load generator during each level: whether a number is the NIM's or the client's. */
final class ClientTable {
    private static final String GAP = "mean time between an answer and the same user's next send";

    private static final List<Column<LevelResults>> COLUMNS = List.of(
            LevelColumns.shape(level -> level),
            LevelColumns.concurrency(level -> level),
            adds("ms at p50", ClientAdds::p50Ms),
            adds("ms at p99", ClientAdds::p99Ms),
            number("Gap", "ms", GAP, 3, level -> level.client().meanGapMs()),
            share("machine", "share of all cores that were busy", Client::machineCpu),
            share("nimload", "share of all cores that this process used", Client::processCpu),
            health("GC", "pauses", "JVM pauses for garbage collection", 0, ClientTable::pauses),
            health("GC", "ms total", "all pauses together", 0, ClientHealth::gcPauseMs),
            health("GC", "ms longest", "the longest pause", 0, ClientHealth::gcLongestMs),
            loopLag("ms at p50", ClientHealth::loopLagP50Ms),
            loopLag("ms at p99", ClientHealth::loopLagP99Ms),
            loopLag("ms max", ClientHealth::loopLagMaxMs));

    private ClientTable() {}

    /** Empty for a run without levels, or of another tool that reports nothing about itself. */
    static Optional<Table> of(RunResults run) {
        boolean known = run.levels().stream().anyMatch(level -> !level.client().equals(Client.UNKNOWN));
        return known
                ? Optional.of(Table.of("client-levels", "The load generator during each level", COLUMNS, run.levels()))
                : Optional.empty();
    }

    /** What is known of the client's own share. */
    static String calibration(RunResults run) {
        long calibrated = run.levels().stream()
                .filter(level -> level.client().adds().isPresent())
                .count();
        if (calibrated == 0) {
            return "What this client adds to a latency is not known: calibration was switched off, or not recorded.";
        }
        return "Before the grid, nimload sent the same requests to a server that answers after a fixed time;"
                + " latency beyond that time is what this client adds."
                + (calibrated < run.levels().size()
                        ? " Measured for " + calibrated + " of " + run.levels().size() + " levels."
                        : "");
    }

    private static Column<LevelResults> adds(String unit, Function<ClientAdds, OptionalDouble> value) {
        return number(
                "Adds",
                unit,
                "this client's share of a latency",
                3,
                level -> of(level.client().adds(), value));
    }

    private static Column<LevelResults> share(String unit, String hint, Function<Client, OptionalDouble> value) {
        return Column.number("CPU", unit, hint, level -> {
            OptionalDouble share = value.apply(level.client());
            return Cell.number(NumberText.percent(share), share);
        });
    }

    private static Column<LevelResults> loopLag(String unit, Function<ClientHealth, OptionalDouble> value) {
        return health("Loop lag", unit, "from handing a task to a user's event loop until it ran", 3, value);
    }

    private static Column<LevelResults> health(
            String title, String unit, String hint, int decimals, Function<ClientHealth, OptionalDouble> value) {
        return number(title, unit, hint, decimals, level -> of(level.client().health(), value));
    }

    private static <T> OptionalDouble of(Optional<T> known, Function<T, OptionalDouble> value) {
        return known.map(value).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble pauses(ClientHealth health) {
        return health.gcPauses().stream().asDoubleStream().findFirst();
    }
}
