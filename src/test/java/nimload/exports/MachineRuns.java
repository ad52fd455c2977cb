package nimload.exports;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.TargetResults;

/** Runs as the files for machines need them. */
final class MachineRuns {
    /** Every character that XML, Markdown or Prometheus' format treats in its own way, and some that XML refuses. */
    static final String AWKWARD = "a \"b\" 'c' <d> & ]]> | `e` *f* _g_ ~h~ \\ $i$ @j #1 \u0007 \ud800 \uffff ü 🚀";

    private MachineRuns() {}

    static Made.Level level(int concurrency) {
        return Made.query(concurrency)
                .with(Percentile.P50, 2.5, 4)
                .with(Percentile.P95, 3.125)
                .requestsPerSecond(400.5 * concurrency, 1);
    }

    static SloCheck limit(double millis, double measured) {
        return SloCheck.of(
                "p95",
                OptionalDouble.empty(),
                SloCheck.AT_MOST,
                millis,
                OptionalDouble.of(measured),
                SloCheck.MILLIS,
                Optional.empty(),
                Optional.empty());
    }

    static RunResults run(LevelResults... levels) {
        return Made.run(List.of(levels));
    }

    /** The same levels, with what the user gave, and with what is in force. */
    static RunResults with(
            RunResults run, boolean emulated, Map<String, String> settings, Map<String, String> effective) {
        RunInfo info = run.info();
        RunInfo changed = new RunInfo(
                info.tool(),
                info.id(),
                info.started(),
                info.levelsPlanned(),
                emulated,
                emulated ? twins(info.targets()) : info.targets(),
                info.durationSeconds(),
                info.warmUpSeconds(),
                info.repeats(),
                settings,
                effective,
                info.client(),
                info.notes());
        return new RunResults(run.schema(), changed, run.complete(), run.levels(), run.slo());
    }

    private static Map<String, TargetResults> twins(Map<String, TargetResults> targets) {
        Map<String, TargetResults> twins = new LinkedHashMap<>();
        targets.forEach((kind, target) -> twins.put(
                kind,
                new TargetResults(
                        target.url(), target.model(), true, Map.of("emulator", "embedded NIM (twin of run x_1)"))));
        return twins;
    }
}
