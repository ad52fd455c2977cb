package nimload.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import nimload.results.RunInfo;
import nimload.results.RunResults;

/** What runs are called on pages and tables: their labels, or without one the time stamp; no two alike. */
final class RunNames {
    private RunNames() {}

    /** In the order of the runs. A name that several have gets the time stamp, and the same time stamp a number. */
    static List<String> of(List<RunResults> runs) {
        List<String> names = runs.stream().map(run -> name(run.info())).toList();
        List<String> stamped = IntStream.range(0, names.size())
                .mapToObj(i -> once(names, i)
                        ? names.get(i)
                        : stamped(names.get(i), runs.get(i).info().id()))
                .toList();
        List<String> unique = new ArrayList<>();
        for (int i = 0; i < stamped.size(); i++) {
            unique.add(once(stamped, i) ? stamped.get(i) : stamped.get(i) + " (" + (i + 1) + ")");
        }
        return unique;
    }

    private static String name(RunInfo run) {
        return run.remarks().label().orElse(run.id());
    }

    private static boolean once(List<String> names, int index) {
        return Collections.frequency(names, names.get(index)) == 1;
    }

    private static String stamped(String name, String id) {
        return name.equals(id) ? name : name + ", " + id;
    }
}
