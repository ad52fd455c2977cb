package nimload.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/** A run's levels as the page groups them: by workload, and in each by the shape of the requests. */
record Shape(String id, String name, List<LevelResults> levels) {
    /** @param id unique on the page */
    record Group(String id, String workload, String items, List<Shape> shapes) {
        List<LevelResults> levels() {
            return shapes.stream().flatMap(shape -> shape.levels().stream()).toList();
        }
    }

    /** In the order of the run. */
    static List<Group> groups(RunResults run) {
        Map<String, Map<String, List<LevelResults>>> byWorkload = new LinkedHashMap<>();
        run.levels()
                .forEach(level -> byWorkload
                        .computeIfAbsent(level.workload(), workload -> new LinkedHashMap<>())
                        .computeIfAbsent(level.shape(), shape -> new ArrayList<>())
                        .add(level));
        List<Group> groups = new ArrayList<>();
        byWorkload.forEach((workload, byShape) -> {
            String id = "w" + groups.size();
            List<Shape> shapes = new ArrayList<>();
            byShape.forEach((name, levels) -> shapes.add(new Shape(id + "s" + shapes.size(), name, levels)));
            groups.add(new Group(id, workload, shapes.get(0).levels().get(0).items(), shapes));
        });
        return groups;
    }

    Optional<Knee> knee() {
        return Knee.of(levels);
    }

    /** {@code 300 tokens, 64 texts}: the name without the workload. */
    String label() {
        return name.substring(name.indexOf(", ") + 2);
    }
}
