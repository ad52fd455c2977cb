package nimload.slo;

import java.util.List;
import nimload.measure.RecordedLevel;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.RunResults;

/** Levels and runs made from recorded levels, for tests. */
final class Levels {
    private Levels() {}

    static LevelResults of(RecordedLevel recorded) {
        return query(1, recorded);
    }

    static LevelResults query(int concurrency, RecordedLevel recorded) {
        return level(new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency), recorded);
    }

    static LevelResults level(LoadPoint point, RecordedLevel recorded) {
        return recorded.result(point).results();
    }

    /** Of a complete run. */
    static RunResults evaluate(String yaml, List<LevelResults> levels) {
        return evaluate(yaml, levels, levels.size());
    }

    static RunResults evaluate(String yaml, List<LevelResults> levels, int planned) {
        return SloEvaluation.evaluate(RunResults.of(Made.info(planned, 1), levels), SloFile.parse("slo.yaml", yaml));
    }
}
