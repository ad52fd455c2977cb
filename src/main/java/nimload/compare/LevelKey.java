package nimload.compare;

import java.util.OptionalInt;
import nimload.plan.LoadPoint;
import nimload.results.LevelResults;

/** What makes two levels of two runs the same one. */
record LevelKey(String workload, int inputTokens, OptionalInt queryTokens, int itemsPerRequest, int concurrency) {
    static LevelKey of(LevelResults level) {
        return new LevelKey(
                level.workload(),
                level.inputTokens(),
                level.queryTokens(),
                level.itemsPerRequest(),
                level.concurrency());
    }

    static LevelKey of(LoadPoint point) {
        return new LevelKey(
                point.workload().key(),
                point.inputTokens(),
                point.queryTokens() > 0 ? OptionalInt.of(point.queryTokens()) : OptionalInt.empty(),
                point.items(),
                point.concurrency());
    }
}
