package nimload.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.plan.LoadPoint;
import nimload.results.AnswersCompared;
import nimload.results.Client;
import nimload.results.Course;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.Evidence;
import nimload.results.Interruptions;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Repeat;
import nimload.results.Requests;
import nimload.results.Slice;
import nimload.results.Throughput;
import nimload.results.TokenLengths;
import nimload.results.Tokens;
import nimload.results.Validity;
import nimload.statistics.Interval;

/** A level as the results hold it: rounded to what was measured, absent where not known. */
final class RoundedLevel {

    private RoundedLevel() {}

    static LevelResults of(LoadPointResult level) {
        LevelSamples samples = level.samples();
        return new LevelResults(
                level.point(),
                Validity.of(level.reasonsAgainst(), level.failures(), level.remarks()),
                new Requests(
                        level.requests(),
                        samples.errorCount(),
                        samples.failures().errors(),
                        samples.failures().uncounted(),
                        samples.failures().firstErrors(),
                        OptionalLong.of(samples.valuesChecked())),
                latency(samples, level::percentileInterval),
                throughput(level),
                tokens(level),
                client(level),
                new Course(Optional.of(level.drift()), timeline(level.runs()), repeats(level.runs())),
                evidence(samples),
                level.server(),
                level.replicaResults(),
                List.of(),
                samples.successes() == 0
                        ? Optional.empty()
                        : Optional.of(EncodedHistogram.of(samples.latencyMicros())));
    }

    interface ToInterval {
        Optional<Interval> of(Percentile percentile);
    }

    static Latency latency(LevelSamples samples, ToInterval intervals) {
        Map<Percentile, Estimate> percentiles = new EnumMap<>(Percentile.class);
        for (Percentile percentile : Percentile.values()) {
            estimate(samples.percentileMillis(percentile), intervals.of(percentile))
                    .ifPresent(estimate -> percentiles.put(percentile, estimate));
        }
        return new Latency(
                Rounded.to(3, samples.meanMillis()),
                Rounded.to(3, samples.standardDeviationMillis()),
                Rounded.to(3, samples.minMillis()),
                Rounded.to(3, samples.maxMillis()),
                percentiles);
    }

    private static Throughput throughput(LoadPointResult level) {
        LevelSamples samples = level.samples();
        return new Throughput(
                samples.windowNanos() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Rounded.to(6, samples.windowNanos() / 1e9)),
                estimate(samples.requestsPerSecond(), samples.rateInterval()),
                Rounded.to(3, level.itemsPerSecond()),
                perRequest(samples, samples.sizes().requestBytes()),
                perRequest(samples, samples.sizes().answerBytes()),
                Rounded.to(4, level.betweenRunVariation()),
                samples.responses().map(ResponseSamples::rounded));
    }

    private static OptionalDouble perRequest(LevelSamples samples, long bytes) {
        return bytes == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Rounded.to(1, (double) bytes / samples.successes()));
    }

    private static Optional<Estimate> estimate(OptionalDouble value, Optional<Interval> interval) {
        return Estimate.of(Rounded.to(3, value), interval.map(exact -> Rounded.to(3, exact)));
    }

    private static Tokens tokens(LoadPointResult level) {
        return new Tokens(
                Rounded.to(1, level.tokensPerSecond()),
                Rounded.to(3, level.measuredTokensPerItem()),
                level.point().spread() > 0 || level.tokenCheck().expectedPerItem() == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(level.tokenCheck().expectedPerItem()),
                level.tokenCheck().verified(),
                Rounded.to(3, level.drawnTokensPerItem()),
                lengths(level));
    }

    /** Only where they are not all the same. */
    private static Optional<TokenLengths> lengths(LoadPointResult level) {
        LoadPoint point = level.point();
        return (point.texts().isPresent() || point.spread() > 0)
                        && level.tokenCheck().verified()
                ? level.samples().sizes().lengths(point.workload().item())
                : Optional.empty();
    }

    private static Client client(LoadPointResult level) {
        LevelSamples samples = level.samples();
        return new Client(
                Rounded.to(3, samples.achievedConcurrency()),
                samples.meanGapNanos().isPresent()
                        ? OptionalDouble.of(Rounded.to(3, samples.meanGapNanos().getAsLong() / 1e6))
                        : OptionalDouble.empty(),
                Rounded.to(3, level.machine().machineCpu()),
                Rounded.to(3, level.machine().processCpu()),
                level.seen().clientHealth(),
                level.seen().clientAdds());
    }

    private static Evidence evidence(LevelSamples samples) {
        RepeatsSeen repeats = samples.repeats();
        Optional<Silence.Longest> silence = samples.silence();
        return new Evidence(
                Optional.of(samples.ledger()),
                Optional.of(new AnswersCompared(
                        samples.answersChecked(),
                        samples.valuesChecked(),
                        repeats.compared(),
                        repeats.differing(),
                        AnswersCompared.perMillionAtMost(repeats.compared(), repeats.differing()),
                        Percentiles.millis(repeats.latencyMicros(), Percentile.P50))),
                Optional.of(new Interruptions(
                        optional(silence.map(longest -> Rounded.to(3, longest.nanos() / 1e6))),
                        optional(silence.map(longest -> Rounded.to(3, longest.fromNanos() / 1e9))),
                        Rounded.to(3, samples.p99IfUsersDidNotWaitMillis()),
                        samples.stalled())));
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static List<Slice> timeline(List<LoadPointResult> runs) {
        List<Slice> timeline = new ArrayList<>();
        for (int run = 0; run < runs.size(); run++) {
            for (LevelSlice slice : runs.get(run).samples().slices()) {
                timeline.add(slice.slice().ofRepeat(run + 1));
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
                    Rounded.to(3, run.samples().requestsPerSecond()),
                    latency(run.samples(), percentile -> Optional.empty())));
        }
        return repeats;
    }
}
