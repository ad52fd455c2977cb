package nimload.page;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.results.Capacity;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;

/**
 * The levels of one shape, which differ in their concurrency; or the steps of a search, which differ in what it raised.
 *
 * @param id unique on the page
 * @param search whose steps the levels are
 */
record ShapeLevels(String id, Shape shape, List<LevelResults> levels, Optional<Capacity> search) {
    /** @param id unique on the page */
    record Group(String id, Workload workload, List<ShapeLevels> shapes) {}

    /** A run's levels by workload, and within each by shape; in the order of the run. */
    static List<Group> groups(RunResults run) {
        Map<Workload, Map<Shape, List<LevelResults>>> byWorkload = run.levels().stream()
                .collect(groupingBy(
                        LevelResults::workload,
                        LinkedHashMap::new,
                        groupingBy(level -> shape(run, level), LinkedHashMap::new, toList())));
        List<Group> groups = new ArrayList<>();
        byWorkload.forEach((workload, byShape) -> {
            String id = "w" + groups.size();
            List<ShapeLevels> shapes = new ArrayList<>();
            byShape.forEach((shape, levels) -> shapes.add(new ShapeLevels(
                    id + "s" + shapes.size(),
                    shape,
                    levels,
                    run.search(levels.get(0).point()))));
            groups.add(new Group(id, workload, shapes));
        });
        return groups;
    }

    private static Shape shape(RunResults run, LevelResults level) {
        return run.search(level.point())
                .map(search -> search.point().shape())
                .orElse(level.point().shape());
    }

    /** Whether it is known when the requests of a level were to be sent. */
    boolean arrivals() {
        return levels.stream().anyMatch(level -> level.throughput().arrivals().isPresent());
    }

    Headline headline(RunInfo info) {
        return Headline.of(info, levels);
    }
}
