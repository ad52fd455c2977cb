package nimload.slo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nimload.measure.RecordedLevel;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.report.RunDocument;
import nimload.report.RunInfo;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.SloSummary;

/** Runs of made-up levels, for tests. */
final class Levels {
    private static final RunInfo RUN = new RunInfo(
            "nimload",
            "x",
            Instant.EPOCH,
            Map.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            1,
            1);

    private Levels() {}

    static LevelResults of(RecordedLevel recorded) {
        return query(1, recorded);
    }

    static LevelResults query(int concurrency, RecordedLevel recorded) {
        return level(new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency), recorded);
    }

    static LevelResults level(LoadPoint point, RecordedLevel recorded) {
        return RunDocument.level(recorded.result(point));
    }

    static RunResults evaluate(String yaml, List<LevelResults> levels) {
        RunResults run = RunDocument.of(RUN, List.of()).withSlo(levels, new SloSummary("none", true, Map.of()));
        return SloEvaluation.evaluate(run, SloFile.parse("slo.yaml", yaml));
    }
}
