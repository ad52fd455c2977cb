package nimload.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.twin.Twin.Level;
import nimload.twin.Twin.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinTest {
    private static final Map<String, ModelledGpu> EMBEDDING = Map.of(
            "slow host, batches of 32",
            new ModelledGpu(
                    0.9,
                    0.35,
                    32,
                    Map.of(
                            20, row(1, 1.2, 4, 1.55, 8, 1.8, 16, 2.4),
                            300, row(1, 2, 16, 9, 64, 33),
                            512, row(1, 2.6, 16, 18, 64, 68))),
            "large overhead, steep",
            new ModelledGpu(
                    2, 0.1, 64, Map.of(20, row(1, 0.5, 64, 12), 300, row(1, 1, 64, 110), 512, row(1, 1.5, 64, 190))),
            "fast, batches of 256",
            new ModelledGpu(
                    0.1,
                    0.2,
                    256,
                    Map.of(
                            20, row(1, 0.4, 8, 0.42, 16, 0.5),
                            300, row(1, 0.6, 64, 11, 256, 43),
                            512, row(1, 0.8, 64, 21, 256, 83))),
            "one request at a time",
            new ModelledGpu(
                    0.2, 0.6, 1, Map.of(20, row(1, 0.9, 64, 4), 300, row(1, 1.4, 64, 30), 512, row(1, 1.5, 64, 47))));

    private static final Map<String, ModelledGpu> RERANKING = Map.of(
            "slow host, batches of 32", pairs(1.6, 0.5, 32, row(1, 4, 10, 28, 20, 52, 40, 104)),
            "large overhead, steep", pairs(9, 0.1, 64, row(1, 4, 40, 190)),
            "fast, batches of 256", pairs(0.5, 0.3, 256, row(1, 1, 10, 8, 40, 30, 200, 151)),
            "one request at a time", pairs(0.5, 1, 1, row(1, 2.5, 10, 23, 40, 92)));

    private static ModelledGpu pairs(double overheadMs, double hostMs, int limit, TreeMap<Integer, Double> row) {
        return new ModelledGpu(overheadMs, hostMs, limit, Map.of(1024, row));
    }

    private static TreeMap<Integer, Double> row(double... itemsAndMs) {
        TreeMap<Integer, Double> row = new TreeMap<>();
        for (int i = 0; i < itemsAndMs.length; i += 2) {
            row.put((int) itemsAndMs[i], itemsAndMs[i + 1]);
        }
        return row;
    }

    static SimulatedRun publishedGrid(String name, boolean serverTells) {
        return SimulatedRun.ofPublishedGrid(EMBEDDING.get(name), RERANKING.get(name), serverTells);
    }

    private static Twin twin(SimulatedRun run, OptionalInt count) {
        return Twin.of("run", run.results(), count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slow host, batches of 32",
                "large overhead, steep",
                "fast, batches of 256",
                "one request at a time"
            })
    void fittedToSixLevelsOfThePublishedGridItPredictsTheOther17Within5Percent(String name) {
        Twin twin = twin(publishedGrid(name, true), OptionalInt.of(6));
        assertThat(twin.used(Use.FITTED)).hasSize(6);
        assertThat(twin.used(Use.HELD_OUT))
                .hasSize(17)
                .allSatisfy(level ->
                        assertThat(level.error()).as(level.measured().name()).isLessThan(0.05));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slow host, batches of 32",
                "large overhead, steep",
                "fast, batches of 256",
                "one request at a time"
            })
    void whereTheServerTellsNoComputeTimeHalfOfTheLevelsPredictTheOthersWithin5Percent(String name) {
        Twin twin = twin(publishedGrid(name, false), OptionalInt.empty());
        assertThat(twin.used(Use.FITTED)).hasSize(12);
        assertThat(twin.used(Use.HELD_OUT))
                .hasSize(11)
                .allSatisfy(level ->
                        assertThat(level.error()).as(level.measured().name()).isLessThan(0.05));
    }

    @Test
    void aQuarterOfTheLevelsIsUsedThoseFurthestApart() {
        Twin twin = twin(publishedGrid("large overhead, steep", true), OptionalInt.empty());
        assertThat(twin.used(Use.FITTED))
                .extracting(level -> level.measured().name())
                .containsExactlyInAnyOrder(
                        "query 20 c=1 (1 text)",
                        "query 20 c=15 (1 text)",
                        "passage 300 c=1 (64 texts)",
                        "passage 512 c=5 (64 texts)",
                        "rerank 10p c=1 (512+512 tokens)",
                        "rerank 40p c=5 (512+512 tokens)");
    }

    @Test
    void ofASmallRunTwoThirdsAreUsed() {
        Twin twin = twin(queries(1, 3, 5, 7, 9, 11, 13, 15), OptionalInt.empty());
        assertThat(twin.used(Use.FITTED)).hasSize(5);
        assertThat(twin.used(Use.HELD_OUT)).hasSize(3);
    }

    @Test
    void fittedToAllLevelsItAgreesWithTheIndependentAccountAndFindsTheLargestBatch() {
        Twin twin = twin(publishedGrid("slow host, batches of 32", true), OptionalInt.of(23));
        assertThat(twin.times().get(NimKind.RERANKING).maxItemsPerBatch()).isEqualTo(32);
        assertThat(twin.times().get(NimKind.EMBEDDING).batchNanos(64, 64 * 512) / 1e6)
                .isCloseTo(68.9, within(0.7));
        assertThat(twin.levels())
                .hasSize(23)
                .allSatisfy(level ->
                        assertThat(level.error()).as(level.measured().name()).isLessThan(0.02));
        assertThat(twin.worstError()).isEmpty();
        assertThat(TwinTable.verdict(twin))
                .isEqualTo(
                        "Fitted to 23 levels of run 20261126-120000; no level was held out, so the error is not known.");
    }

    @Test
    void aLevelThatIsNotValidIsNeitherFittedNorHeldOut() {
        SimulatedRun run =
                publishedGrid("large overhead, steep", true).with("{\"valid\":false,\"requestsPerSecond\":0.001}");
        Twin twin = twin(run, OptionalInt.of(6));
        assertThat(twin.used(Use.NOT_VALID))
                .extracting(level -> level.measured().name())
                .containsExactly("rerank 40p c=5 (512+512 tokens)");
        assertThat(twin.used(Use.HELD_OUT)).hasSize(16);
        assertThat(twin.worstError().orElseThrow()).isLessThan(0.05);
    }

    /** Between two speeds p50 may be either: a run that is not sure of it can't say that the twin is wrong. */
    @ParameterizedTest
    @CsvSource({"0.94, 1.04, false", "0.96, 1.06, false", "0.96, 1.04, true", "'', 1.04, false", "0.96, '', false"})
    void ofALevelWhoseP50IsNotSureOnlyRequestsPerSecondCount(String low, String high, boolean sure) {
        SimulatedRun run = queries(1, 3, 15, 7);
        double p50 = twin(run, OptionalInt.of(2)).levels().get(3).measured().p50Ms() * 1.5;
        String interval = Stream.of("low:" + low, "high:" + high)
                .map(end -> end.split(":"))
                .filter(end -> end.length == 2)
                .map(end -> "\"" + end[0] + "\":" + Double.parseDouble(end[1]) * p50)
                .collect(Collectors.joining(","));
        Twin twin = twin(
                run.with("{\"latencyMs\":{\"p50\":" + p50 + "},\"intervals\":{\"p50\":{" + interval + "}}}"),
                OptionalInt.of(2));
        assertThat(twin.levels().get(3).use()).isEqualTo(Use.HELD_OUT);
        assertThat(twin.worstError().orElseThrow() < 0.05).isEqualTo(!sure);
        assertThat(TwinTable.of(twin).contains("| held out, p50 not sure")).isEqualTo(!sure);
        assertThat(
                        TwinTable.verdict(twin)
                                .endsWith(
                                        "; without p50 of query 20 c=7 (1 text), whose own interval reaches more than 5 % to a side."))
                .isEqualTo(!sure);
    }

    @Test
    void whereNoP50IsSureTheVerdictIsOnRequestsPerSecondAlone() {
        SimulatedRun run = queries(1, 15, 7).with("{\"intervals\":{\"p50\":{}}}");
        assertThat(TwinTable.verdict(twin(run, OptionalInt.of(2))))
                .matches(
                        "Fitted to 2 levels of run 20261126-120000; 1 held out: requests/s are off by \\d\\.\\d % at the median"
                                + " and \\d\\.\\d % at worst; no p50 was sure enough to judge\\.");
    }

    /** 13 users are 95 % as far from one user as 15 are, 11 are 89 %. */
    @ParameterizedTest
    @CsvSource({"13, 1.06, 13", "13, 1.04, 15", "11, 1.06, 15"})
    void ofLevelsThatAreNearlyAsFarOneWhoseP50IsSureIsUsed(int other, double high, int used) {
        SimulatedRun run = queries(1, 3, other, 15);
        double p50 = RunLevel.in(run.results()).levels().get(3).p50Ms();
        run.with("{\"intervals\":{\"p50\":{\"low\":" + p50 + ",\"high\":" + high * p50 + "}}}");
        assertThat(twin(run, OptionalInt.of(2)).used(Use.FITTED))
                .extracting(level -> level.measured().concurrency())
                .containsExactly(1, used);
    }

    @Test
    void aComputeTimeOf0IsNotKnownAndTheOthersAreFitted() {
        Twin twin = twin(queries(1, 3, 15).with("{\"server\":{\"computeMs\":0}}"), OptionalInt.of(3));
        assertThat(twin.levels())
                .extracting(level -> level.measured().computeMs().isPresent())
                .containsExactly(true, true, false);
        assertThat(twin.levels())
                .allSatisfy(level ->
                        assertThat(level.error()).as(level.measured().name()).isLessThan(0.02));
    }

    @Test
    void withoutACalibrationTheClientsGapFollowsFromRateAndMeanLatency() {
        SimulatedRun run = publishedGrid("large overhead, steep", true).withoutCalibration();
        Level light = twin(run, OptionalInt.of(6)).levels().stream()
                .filter(level -> level.measured().name().startsWith("query 20 c=7 "))
                .findFirst()
                .orElseThrow();
        assertThat(light.measured().clientMs()).isZero();
        assertThat(light.measured().gapMs()).isCloseTo(ModelledGpu.GAP_MS, within(0.05));
        assertThat(light.error()).isLessThan(0.05);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'load':'5/s poisson'}|its requests arrive at a rate, and a fit needs a concurrency",
                "{'during':'searches, ingestion off'}|its users did other things between its requests",
                "{'errors':1}|requests failed",
                "{'requestsPerSecond':null}|p50 or requests/s is not known",
                "{'requestsPerSecond':0}|p50 or requests/s is not known",
                "{'latencyMs':{'p50':0}}|p50 or requests/s is not known",
                "{'latencyMs':null}|p50 or requests/s is not known",
                "{'measuredTokensPerItem':null,'inputTokens':0}|tokens or items per request are not known",
                "{'itemsPerRequest':0}|tokens or items per request are not known",
            })
    void aLevelThatSaysNothingIsLeftOutWithTheReason(String change, String reason) {
        SimulatedRun run = queries(1, 3, 5).with(change.replace('\'', '"'));
        Twin twin = twin(run, OptionalInt.of(2));
        assertThat(twin.levels()).hasSize(2);
        assertThat(twin.notes()).hasSize(1).first().asString().endsWith(": " + reason);
        assertThat(TwinTable.of(twin)).contains("left out: " + twin.notes().get(0) + System.lineSeparator());
    }

    static SimulatedRun queries(int... concurrencies) {
        SimulatedRun run = new SimulatedRun();
        for (int concurrency : concurrencies) {
            run.level(
                    new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency), EMBEDDING.get("large overhead, steep"), true);
        }
        return run;
    }

    @Test
    void aRunWithTooFewLevelsIsRefused() {
        assertThatThrownBy(() -> twin(queries(1), OptionalInt.empty()))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "run has too few levels to fit a twin to (embedding: 1 valid level, and a fit needs 2); give a"
                                + " run with at least 2 valid levels of one NIM at different concurrencies, e.g. the published"
                                + " grid");
        assertThatThrownBy(() -> twin(new SimulatedRun(), OptionalInt.empty()))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("run has too few levels to fit a twin to (none); give ");
        assertThatThrownBy(() -> twin(queries(1, 3).with("{\"valid\":false}"), OptionalInt.empty()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("(embedding: 1 valid level, and a fit needs 2)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void moreLevelsThanThereAreAndFewerThanTwoAreRefused(int use) {
        assertThatThrownBy(() -> twin(queries(1, 3, 5), OptionalInt.of(use)))
                .isInstanceOf(UserError.class)
                .hasMessage("--use " + use + ": run has 3 valid levels of 1 NIM; give 2 to 3");
    }

    @Test
    void aNimWithOneLevelGetsNoTwinAndTheOtherDoes() {
        SimulatedRun run = queries(1, 5, 15)
                .level(
                        new LoadPoint(Workload.RERANKING, 512, 512, 10, 1),
                        RERANKING.get("large overhead, steep"),
                        true);
        Twin twin = twin(run, OptionalInt.empty());
        assertThat(twin.times()).containsOnlyKeys(NimKind.EMBEDDING);
        assertThat(twin.notes()).isEqualTo(List.of("reranking: 1 valid level, and a fit needs 2"));
    }
}
