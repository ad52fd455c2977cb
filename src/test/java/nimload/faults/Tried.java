package nimload.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import nimload.plan.Workload;

/**
 * A fault of the table, and how nimload is tried with it.
 *
 * @param settings of nimload's run, {@code nim.duration=3s}
 * @param workloads that it makes sense for
 * @param outage of the whole server
 */
public record Tried(
        String name, Script script, Expected expected, List<String> settings, Set<Workload> workloads, Outage outage) {
    private static final Script TABLE = ScriptFile.read(Path.of("simulations-data", "faults", "table.yaml"));

    enum Outage {
        NONE,
        /** All connections end, also those on which a request is on its way. */
        FOR_A_WHILE,
        /** Likewise, and the server never comes back. */
        FOR_GOOD
    }

    static Tried of(String name, Expected expected) {
        return new Tried(name, TABLE.only(name), expected, List.of(), EnumSet.allOf(Workload.class), Outage.NONE);
    }

    /** Names of the table's faults, in its order. */
    static List<String> names() {
        return TABLE.faults().stream().map(Fault::name).distinct().toList();
    }

    Tried set(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return new Tried(name, script, expected, List.copyOf(all), workloads, outage);
    }

    Tried onlyOf(Workload first, Workload... others) {
        return new Tried(name, script, expected, settings, EnumSet.of(first, others), outage);
    }

    Tried with(Outage other) {
        return new Tried(name, script, expected, settings, workloads, other);
    }

    /** What the server does, for the table. */
    public String does() {
        return script.faults().get(0).does();
    }

    /** What nimload is to say of it, for the table. */
    public String expectation() {
        return expected.text();
    }
}
