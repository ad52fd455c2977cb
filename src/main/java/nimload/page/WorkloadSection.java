package nimload.page;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunResults;
import nimload.results.Table;

/**
 * A workload's part of the page.
 *
 * @param best of the levels that are valid
 * @param knees one line per shape
 */
record WorkloadSection(
        String id,
        Workload workload,
        List<ShapeLevels> shapes,
        Optional<Best> best,
        List<String> knees,
        Table levels,
        boolean timeline,
        boolean server) {
    /** The highest throughput, and what it costs. */
    record Best(String throughput, String where, String latency) {}

    static WorkloadSection of(ShapeLevels.Group group, RunResults run) {
        List<LevelResults> levels = group.levels();
        return new WorkloadSection(
                group.id(),
                group.workload(),
                group.shapes(),
                best(levels),
                group.shapes().stream().map(shape -> knee(shape, run)).toList(),
                LevelTable.of(group),
                levels.stream().anyMatch(level -> !level.course().timeline().isEmpty()),
                levels.stream()
                        .flatMap(level -> level.server().stream())
                        .anyMatch(server -> !server.series().isEmpty()));
    }

    private static Optional<Best> best(List<LevelResults> levels) {
        return levels.stream()
                .filter(level ->
                        level.valid() && level.throughput().itemsPerSecond().isPresent())
                .max(Comparator.comparingDouble(
                        level -> level.throughput().itemsPerSecond().orElseThrow()))
                .map(level -> new Best(
                        NumberText.of(level.throughput().itemsPerSecond(), 1),
                        level.point().description(),
                        "p50 " + NumberText.millis(level.percentile(Percentile.P50)) + " ms, p99 "
                                + NumberText.millis(level.percentile(Percentile.P99)) + " ms"));
    }

    private static String knee(ShapeLevels levels, RunResults run) {
        String knee = levels.knee().map(Knee::words).orElse("too few levels for a knee");
        String slo = run.slo()
                .map(summary -> summary.highestConcurrency().get(levels.shape().description()))
                .map(highest ->
                        (highest == 0 ? "; SLO met at no concurrency" : "; SLO met up to concurrency " + highest)
                                + SloSection.ofThoseThatRan(run))
                .orElse("");
        return levels.shape().label() + ": " + knee + slo;
    }
}
