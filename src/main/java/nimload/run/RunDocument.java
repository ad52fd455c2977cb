package nimload.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.measure.LevelSamples;
import nimload.measure.LevelSlice;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;
import nimload.results.EncodedHistogram;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Repeat;
import nimload.results.RunResults;
import nimload.results.Slice;
import nimload.results.TargetResults;
import nimload.statistics.Interval;

/** A run's results as they stand in results.json: rounded to what was measured, absent where not known. */
public final class RunDocument {
    private static final Map<String, Double> PERCENTILES =
            Map.of("p50", 50.0, "p90", 90.0, "p95", 95.0, "p99", 99.0, "p99.9", 99.9);

    private RunDocument() {}

    /** @param levels in the order of the plan; one that ran several times is one */
    public static RunResults of(RunInfo run, List<LevelResults> levels) {
        Map<String, TargetResults> targets = new LinkedHashMap<>();
        run.targets()
                .forEach((kind, target) -> targets.put(
                        kind,
                        new TargetResults(target.url().toString(), target.model(), target.emulated(), target.about())));
        return new RunResults(
                RunResults.SCHEMA,
                run.tool(),
                run.id(),
                run.started(),
                levels.stream().mapToInt(level -> level.repeats().size()).sum() == run.levelsPlanned() * run.repeats(),
                run.levelsPlanned(),
                run.emulated(),
                targets,
                OptionalDouble.of(run.duration().toMillis() / 1e3),
                OptionalDouble.of(run.warmUp().toMillis() / 1e3),
                run.repeats(),
                run.settings(),
                run.effective(),
                run.client(),
                run.notes(),
                levels,
                Optional.empty());
    }

    public static LevelResults level(LoadPointResult result) {
        LoadPoint point = result.point();
        LevelSamples samples = result.samples();
        List<String> reasons = result.reasonsAgainst();
        return new LevelResults(
                point.name(),
                point.workload().key(),
                point.inputTokens(),
                point.queryTokens() > 0 ? OptionalInt.of(point.queryTokens()) : OptionalInt.empty(),
                point.items(),
                point.concurrency(),
                reasons.isEmpty(),
                reasons,
                result.requests(),
                samples.errorCount(),
                samples.errors(),
                samples.warmUpErrors(),
                samples.firstErrors(),
                latency(samples),
                samples.elapsedNanos() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(round(samples.elapsedNanos() / 1e9, 6)),
                round(samples.requestsPerSecond(), 3),
                round(result.itemsPerSecond(), 3),
                round(result.tokensPerSecond(), 1),
                round(result.measuredTokensPerItem(), 3),
                OptionalInt.of(result.tokenCheck().expectedPerItem()),
                result.tokenCheck().verified(),
                round(samples.achievedConcurrency(), 3),
                samples.meanGapNanos().isPresent()
                        ? OptionalDouble.of(round(samples.meanGapNanos().getAsLong() / 1e6, 3))
                        : OptionalDouble.empty(),
                round(result.machine().machineCpu(), 3),
                round(result.machine().processCpu(), 3),
                OptionalLong.of(samples.valuesChecked()),
                intervals(result),
                round(result.betweenRunVariation(), 4),
                Optional.of(result.drift()),
                timeline(result.runs()),
                repeats(result.runs()),
                result.seen().clientHealth(),
                result.seen().clientAdds(),
                result.server(),
                List.of(),
                samples.successes() == 0
                        ? Optional.empty()
                        : Optional.of(EncodedHistogram.of(samples.latencyMicros())));
    }

    private static Latency latency(LevelSamples samples) {
        return new Latency(
                round(samples.meanMillis(), 3),
                round(samples.standardDeviationMillis(), 3),
                round(samples.minMillis(), 3),
                round(samples.percentileMillis(50), 3),
                round(samples.percentileMillis(90), 3),
                round(samples.percentileMillis(95), 3),
                round(samples.percentileMillis(99), 3),
                round(samples.percentileMillis(99.9), 3),
                round(samples.maxMillis(), 3));
    }

    private static Map<String, Interval> intervals(LoadPointResult result) {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        result.samples().rateInterval().ifPresent(rate -> intervals.put("requestsPerSecond", rounded(rate)));
        PERCENTILES.forEach((name, percentile) ->
                result.percentileInterval(percentile).ifPresent(interval -> intervals.put(name, rounded(interval))));
        return intervals;
    }

    private static List<Slice> timeline(List<LoadPointResult> runs) {
        List<Slice> timeline = new ArrayList<>();
        for (int run = 0; run < runs.size(); run++) {
            for (LevelSlice slice : runs.get(run).samples().slices()) {
                timeline.add(new Slice(
                        run + 1,
                        round(slice.fromSeconds(), 6),
                        round(slice.toSeconds(), 6),
                        slice.successes(),
                        slice.errors(),
                        round(slice.p50Millis(), 3),
                        round(slice.p90Millis(), 3),
                        round(slice.p99Millis(), 3),
                        round(slice.maxMillis(), 3)));
            }
        }
        return timeline;
    }

    private static List<Repeat> repeats(List<LoadPointResult> runs) {
        List<Repeat> repeats = new ArrayList<>();
        for (LoadPointResult run : runs) {
            repeats.add(new Repeat(
                    repeats.size() + 1,
                    run.ended(),
                    run.samples().successes(),
                    round(run.samples().requestsPerSecond(), 3),
                    latency(run.samples())));
        }
        return repeats;
    }

    private static Interval rounded(Interval interval) {
        return new Interval(round(interval.low(), 3), round(interval.high(), 3));
    }

    private static OptionalDouble round(OptionalDouble value, int decimals) {
        return value.isPresent() ? OptionalDouble.of(round(value.getAsDouble(), decimals)) : value;
    }

    private static double round(double value, int decimals) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }
}
