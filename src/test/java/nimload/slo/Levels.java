package nimload.slo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nimload.measure.RecordedLevel;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.run.RunDocument;
import nimload.run.RunInfo;

/** Runs of made-up levels, for tests. */
final class Levels {
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

    /** Of a complete run. */
    static RunResults evaluate(String yaml, List<LevelResults> levels) {
        return evaluate(yaml, levels, levels.size());
    }

    static RunResults evaluate(String yaml, List<LevelResults> levels, int planned) {
        RunInfo run = new RunInfo(
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
                planned,
                1);
        return SloEvaluation.evaluate(RunDocument.of(run, levels), SloFile.parse("slo.yaml", yaml));
    }
}
