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
 * @param endsTheLevels whether the server answers no more after the faulty level has begun
 */
public record Fault(
        String name,
        String does,
        When when,
        Deed deed,
        Expected expected,
        List<String> settings,
        Set<Workload> workloads,
        boolean endsTheLevels) {

    static Fault of(String name, String does, When when, Deed deed, Expected expected) {
        return new Fault(name, does, when, deed, expected, List.of(), EnumSet.allOf(Workload.class), false);
    }

    Fault set(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return new Fault(name, does, when, deed, expected, List.copyOf(all), workloads, endsTheLevels);
    }

    Fault onlyOf(Workload first, Workload... others) {
        return new Fault(name, does, when, deed, expected, settings, EnumSet.of(first, others), endsTheLevels);
    }

    Fault forGood() {
        return new Fault(name, does, when, deed, expected, settings, workloads, true);
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
