package nimload.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * A workload's part of the page.
 *
 * @param best of the levels that are valid
 * @param knees a line a shape
 */
record WorkloadSection(
        String id,
        String workload,
        String items,
        List<Curve> shapes,
        Optional<Best> best,
        List<String> knees,
        Table levels,
        boolean timeline,
        boolean server) {
    /** A shape's charts; {@code id} is the charts' too. */
    record Curve(String id, String label) {}

    /** The highest throughput, and what it costs. */
    record Best(String throughput, String where, String latency) {}

    static WorkloadSection of(Shape.Group group, RunResults run) {
        List<LevelResults> levels = group.levels();
        return new WorkloadSection(
                group.id(),
                group.workload(),
                group.items(),
                group.shapes().stream()
                        .map(shape -> new Curve(shape.id(), shape.label()))
                        .toList(),
                best(levels),
                knees(group, run),
                LevelTable.of(group),
                levels.stream().anyMatch(level -> !level.timeline().isEmpty()),
                levels.stream()
                        .anyMatch(level -> level.server()
                                .map(server -> !server.series().isEmpty())
                                .orElse(false)));
    }

    private static Optional<Best> best(List<LevelResults> levels) {
        return levels.stream()
                .filter(level -> level.valid() && level.itemsPerSecond().isPresent())
                .max(Comparator.comparingDouble(level -> level.itemsPerSecond().orElseThrow()))
                .map(level -> new Best(
                        NumberText.of(level.itemsPerSecond(), 1),
                        level.shape().substring(level.shape().indexOf(", ") + 2) + ", concurrency "
                                + level.concurrency(),
                        "p50 " + NumberText.millis(level.latencyMs().p50()) + " ms, p99 "
                                + NumberText.millis(level.latencyMs().p99()) + " ms"));
    }

    private static List<String> knees(Shape.Group group, RunResults run) {
        List<String> knees = new ArrayList<>();
        for (Shape shape : group.shapes()) {
            StringBuilder line = new StringBuilder(shape.label()).append(": ");
            line.append(shape.knee()
                    .map(knee -> "knee " + (knee.atHighest() ? "" : "at ") + knee.words())
                    .orElse("too few levels for a knee"));
            run.slo()
                    .map(slo -> slo.highestConcurrency().get(shape.name()))
                    .ifPresent(highest -> line.append(
                                    highest == 0 ? "; SLO met at none" : "; SLO met up to concurrency " + highest)
                            .append(SloSection.ofThoseThatRan(run)));
            knees.add(line.toString());
        }
        return knees;
    }
}
