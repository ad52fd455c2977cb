package nimload.faults;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import nimload.plan.Workload;

/**
 * A way to be wrong.
 *
 * @param name short, unique
 * @param does what the server does, for people
 * @param settings of nimload's run, {@code nim.duration=3s}
 * @param workloads that it makes sense for
 * @param outage of the whole server
 */
public record Fault(
        String name,
        String does,
        When when,
        Deed deed,
        Expected expected,
        List<String> settings,
        Set<Workload> workloads,
        Outage outage) {

    enum Outage {
        NONE,
        /** All connections end, also those on which a request is on its way. */
        FOR_A_WHILE,
        /** Likewise, and the server never comes back. */
        FOR_GOOD
    }

    static Fault of(String name, String does, When when, Deed deed, Expected expected) {
        return new Fault(name, does, when, deed, expected, List.of(), EnumSet.allOf(Workload.class), Outage.NONE);
    }

    Fault set(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return new Fault(name, does, when, deed, expected, List.copyOf(all), workloads, outage);
    }

    Fault onlyOf(Workload first, Workload... others) {
        return new Fault(name, does, when, deed, expected, settings, EnumSet.of(first, others), outage);
    }

    Fault with(Outage other) {
        return new Fault(name, does, when, deed, expected, settings, workloads, other);
    }

    /** What nimload is to say of it, for the table. */
    public String expectation() {
        return expected.text();
    }

    /** None: every answer is right. */
    static Fault none() {
        return of(
                "none",
                "answers rightly",
                (number, seconds, connection) -> false,
                Scene::answerRightly,
                Expected.harmless());
    }
}
