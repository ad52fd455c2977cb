package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import nimload.compare.Comparison.Difference;
import nimload.page.MadeSearch;
import nimload.results.LevelResults;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private static final MadeRun BASELINE = new MadeRun("a").query(5).closed(10);

    private static LevelChange change(MadeRun baseline, MadeRun run) {
        return Comparison.of(List.of(baseline.results(), run.results()))
                .runs()
                .get(0)
                .levels()
                .get(0);
    }

    @Test
    void levelsAtARateAreComparedByResponseTimeAndSearchesAreNamed() {
        RunResults run = MadeSearch.byRate();
        Comparison comparison = Comparison.of(List.of(run, run));
        assertThat(comparison.runs().get(0).levels())
                .extracting(LevelChange::concurrencyText)
                .contains("25/s", "110/s");
        assertThat(comparison.runs().get(0).levels().stream()
                        .filter(level -> level.concurrencyText().equals("110/s"))
                        .flatMap(level -> level.metric(Metric.P95).stream())
                        .map(MetricChange::run))
                .containsExactly(2013.0);
        assertThat(comparison.notes())
                .anySatisfy(note -> assertThat(note).contains("at least 96 and at most 98.4 queries/s"));
        assertThat(ComparisonTable.of(comparison)).contains("query, 20 tokens, 1 text, 110/s poisson");
    }

    @ParameterizedTest
    @CsvSource({
        "10, no difference shown",
        "10.2, no difference shown",
        "10.5, slower",
        "20, slower",
        "9.8, no difference shown",
        "9.5, faster",
        "5, faster"
    })
    void aLevelIsSlowerOrFasterOnceItsWholeIntervalIs(double p50, String verdict) {
        assertThat(change(BASELINE, new MadeRun("b").query(5).closed(p50))
                        .verdict()
                        .words())
                .isEqualTo(verdict);
    }

    @Test
    void theRatioIsRunOverBaselineAndItsIntervalIncludesTheAssumedVariation() {
        MetricChange p50 = change(BASELINE, new MadeRun("b").query(5).closed(10.5))
                .metric(Metric.P50)
                .orElseThrow();
        assertThat(p50.ratio()).isEqualTo(1.05, within(1e-9));
        double each = Math.log(1.005);
        double assumed = Math.pow(0.01, 2) + (Math.pow(0.04 / 10, 2) + Math.pow(0.04 / 10.5, 2)) / 2;
        double off = Math.sqrt(2 * each * each + 2 * 1.959964 * 1.959964 * assumed);
        assertThat(p50.interval().orElseThrow().high().orElseThrow()).isEqualTo(1.05 * Math.exp(off), within(1e-4));
    }

    @Test
    void threeRepeatsOfBothMeasureTheVariationExceptBetweenStarts() {
        MadeRun baseline = new MadeRun("a").query(5).closed(10).repeats(9.99, 10, 10.01);
        MadeRun run = new MadeRun("b").query(5).closed(10.2).repeats(10.19, 10.2, 10.21);
        LevelChange repeated = change(baseline, run);
        assertThat(repeated.verdict()).as("2 %").isEqualTo(Verdict.SLOWER);
        double high = repeated.metric(Metric.P50)
                .orElseThrow()
                .interval()
                .orElseThrow()
                .high()
                .orElseThrow();
        double assumed = 1.959964 * 0.001;
        assertThat(high)
                .isEqualTo(
                        1.02 * Math.exp(Math.sqrt(2 * Math.pow(Math.log(1.005), 2) + 2 * assumed * assumed)),
                        within(1e-4));
    }

    /** Measured with reranking, 10 passages, concurrency 5: repeats of a run agreed, two runs three hours apart did not. */
    @Test
    void repeatsThatAgreeWithinOneRunDoNotTurnNoiseBetweenRunsIntoADifference() {
        MadeRun baseline =
                new MadeRun("a").query(5).repeats(228.344, 228.346, 228.352).with(Metric.P50, 228.336, 0.005);
        MadeRun run =
                new MadeRun("b").query(5).repeats(228.386, 228.390, 228.394).with(Metric.P50, 228.390, 0.005);
        assertThat(change(baseline, run).verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    }

    /** Percentiles of uneven repeats pooled are not the mean of the repeats' percentiles. */
    @Test
    void baselineAndRunAreTheNumbersBehindTheRatio() {
        MadeRun baseline = new MadeRun("a").query(5).repeats(80, 88, 110).with(Metric.P50, 88.014, 5);
        MadeRun run = new MadeRun("b").query(5).repeats(90, 100, 110).with(Metric.P50, 88.022, 5);
        MetricChange p50 = change(baseline, run).metric(Metric.P50).orElseThrow();
        assertThat(p50.baseline()).isEqualTo(Math.cbrt(80.0 * 88 * 110), within(1e-9));
        assertThat(p50.run()).isEqualTo(Math.cbrt(90.0 * 100 * 110), within(1e-9));
        assertThat(p50.ratio()).isEqualTo(p50.run() / p50.baseline(), within(1e-12));
    }

    private static final String ONE_PER_CENT =
            "For levels with fewer than three repeats, a variation between runs of 1 % and 0.04 ms is assumed (3 times"
                    + " that for p95 and p99); -Dnim.repeat=3 in both runs measures all but 0.1 %.";

    private static final String A_TENTH =
            "For levels with three or more repeats, the numbers are the geometric means of the repeats, and a variation"
                    + " of 0.1 % between starts of the client, which repeats cannot show, is assumed.";

    private static List<String> notes(MadeRun baseline, MadeRun run) {
        return Comparison.of(List.of(baseline.results(), run.results())).notes();
    }

    private static MadeRun thrice(String name) {
        return new MadeRun(name).query(5).closed(10).repeats(10, 10, 10);
    }

    @Test
    void notesNameTheAssumedVariationWhereItApplies() {
        assertThat(notes(BASELINE, BASELINE)).containsExactly(ONE_PER_CENT);
        assertThat(notes(thrice("a"), thrice("b"))).containsExactly(A_TENTH);
        assertThat(notes(thrice("a"), BASELINE)).containsExactly(ONE_PER_CENT, A_TENTH);
    }

    /** One level lacks the last of its three planned repeats. */
    @Test
    void notesCountTheRepeatsThatRanInTheLevelsThatAreCompared() {
        MadeRun both = thrice("a").query(7).closed(10).repeats(10, 10, 10);
        MadeRun asked = new MadeRun("b")
                .query(7)
                .closed(10)
                .repeats(10, 10)
                .query(5)
                .closed(10)
                .repeats(10, 10, 10);
        assertThat(asked.results().info().repeats()).isEqualTo(3);
        assertThat(notes(both, asked)).containsExactly(ONE_PER_CENT, A_TENTH);
        assertThat(notes(thrice("a"), asked)).as("7 is not compared").containsExactly(A_TENTH);
    }

    @Test
    void aRunThatIsNotCompleteIsNoted() {
        assertThat(notes(thrice("a"), thrice("b").notComplete()))
                .containsExactly("b is not complete: levels lack repeats, or were broken off.", A_TENTH);
        assertThat(notes(thrice("a").notComplete(), thrice("b")))
                .first()
                .asString()
                .startsWith("a is not complete: ");
    }

    @Test
    void twoRepeatsOnlyHalveTheAssumedVariance() {
        MadeRun twice = new MadeRun("a").query(5).closed(10).repeats(10, 10);
        assertThat(furtherVariance(twice.results().levels().get(0), Metric.P50))
                .isEqualTo((Math.pow(0.01, 2) + Math.pow(0.004, 2)) / 2, within(1e-12));
    }

    @Test
    void theAssumedVariationIsLargerForShortLatenciesAndTripledInTheTail() {
        LevelResults level = new MadeRun("a")
                .query(5)
                .closed(2)
                .with(Metric.P99, 4, 0.5)
                .results()
                .levels()
                .get(0);
        double short2 = Math.pow(0.01, 2) + Math.pow(0.04 / 2, 2);
        assertThat(furtherVariance(level, Metric.P50)).isEqualTo(short2, within(1e-12));
        assertThat(furtherVariance(level, Metric.REQUESTS_PER_SECOND)).isEqualTo(short2, within(1e-12));
        assertThat(furtherVariance(level, Metric.P99))
                .isEqualTo(9 * (Math.pow(0.01, 2) + Math.pow(0.04 / 4, 2)), within(1e-12));
    }

    private static double furtherVariance(LevelResults level, Metric metric) {
        return BetweenRuns.estimate(level, metric).orElseThrow().furtherVariance();
    }

    @Test
    void slowerInOneAndNotFasterInTheOtherIsSlower() {
        MadeRun run = new MadeRun("b").query(5).with(Metric.P50, 10, 0.5).with(Metric.REQUESTS_PER_SECOND, 450, 0.5);
        assertThat(change(BASELINE, run).verdict()).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void oppositeVerdictsOfP50AndRateAreMixed() {
        MadeRun run = new MadeRun("b").query(5).with(Metric.P50, 9, 0.5).with(Metric.REQUESTS_PER_SECOND, 450, 0.5);
        assertThat(change(BASELINE, run).verdict()).isEqualTo(Verdict.MIXED);
    }

    @Test
    void theTailHasAVerdictOfItsOwn() {
        MadeRun baseline = new MadeRun("a").query(5).closed(10).with(Metric.P99, 20, 1);
        MadeRun run = new MadeRun("b").query(5).closed(10).with(Metric.P99, 30, 1);
        LevelChange level = change(baseline, run);
        assertThat(level.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(level.metric(Metric.P99).orElseThrow().verdict()).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void anUnboundedSideSaysTooFewSamplesUnlessTheOtherSideDecides() {
        MadeRun baseline = new MadeRun("a").query(5).with(Metric.P50, 10, 0.5);
        MadeRun near = new MadeRun("b").query(5).withLowOnly(Metric.P50, 10.1, 10);
        assertThat(change(baseline, near).verdict()).isEqualTo(Verdict.TOO_FEW_SAMPLES);
        MadeRun far = new MadeRun("b").query(5).withLowOnly(Metric.P50, 15, 14);
        assertThat(change(baseline, far).verdict()).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void aRunWithoutIntervalsHasRatiosButIsNotJudged() {
        MadeRun imported = new MadeRun("b")
                .tool("genai-perf")
                .query(5)
                .without(Metric.P50, 20)
                .without(Metric.REQUESTS_PER_SECOND, 250);
        LevelChange level = change(BASELINE, imported);
        assertThat(level.metric(Metric.P50).orElseThrow().ratio()).isEqualTo(2);
        assertThat(level.metric(Metric.P50).orElseThrow().interval()).isEmpty();
        assertThat(level.verdict().words()).isEqualTo("no interval: not judged");
    }

    @Test
    void aLevelThatNoLongerAnswersHasItsOwnVerdict() {
        MadeRun failed = new MadeRun("b").query(5).failed();
        assertThat(change(BASELINE, failed).verdict().words()).isEqualTo("no right answer in the run");
        assertThat(change(failed, BASELINE).verdict()).as("it answers again").isEqualTo(Verdict.NOT_JUDGED);
        assertThat(change(failed, failed).verdict()).as("it never did").isEqualTo(Verdict.NOT_JUDGED);
        assertThat(ComparisonTable.of(Comparison.of(List.of(BASELINE.results(), failed.results()))))
                .contains("b against a (baseline): 1 without a right answer\n")
                .contains("no right answer in the run\n")
                .contains("no right answer: query, 20 tokens, 1 text, concurrency 5: run: 1000 of 1000");
    }

    @Test
    void aPercentileThatOneRunLacksIsNotCompared() {
        MadeRun baseline = new MadeRun("a").query(5).closed(10).with(Metric.P99, 20, 1);
        assertThat(change(baseline, new MadeRun("b").query(5).closed(10)).metric(Metric.P99))
                .isEmpty();
    }

    @Test
    void aLevelThatMayNotBeQuotedStaysOutOfTheResultAndIsNamed() {
        MadeRun run = new MadeRun("b").query(5).closed(20).notValid("client-limited: 3.1 of 5 in flight");
        LevelChange level = change(BASELINE, run);
        assertThat(level.verdict()).isEqualTo(Verdict.SLOWER);
        assertThat(level.notValid()).containsExactly("run: client-limited: 3.1 of 5 in flight");
        assertThat(ComparisonTable.of(Comparison.of(List.of(BASELINE.results(), run.results()))))
                .startsWith("""
                        b against a (baseline): no level could be compared; not compared: 1 that may not be quoted
                        not compared, may not be quoted: query, 20 tokens, 1 text, concurrency 5: run: client-limited\
                        """);
    }

    @Test
    void aReasonThatBothShareIsGivenOnce() {
        MadeRun baseline = new MadeRun("a").query(5).closed(10).notValid("too few samples for p99: 33 of 100");
        MadeRun run = new MadeRun("b").query(5).closed(10).notValid("too few samples for p99: 33 of 100");
        assertThat(change(baseline, run).notValid()).containsExactly("both: too few samples for p99: 33 of 100");
    }

    @Test
    void eachFurtherRunIsComparedWithTheFirstAndLevelsOfOneAloneAreNamed() {
        Comparison comparison = Comparison.of(List.of(
                BASELINE.results(),
                new MadeRun("b").query(5).closed(20).results(),
                new MadeRun("c").query(5).closed(5).query(7).closed(10).results()));
        assertThat(comparison.baseline().run()).isEqualTo("a");
        assertThat(comparison.runs()).extracting(run -> run.run().run()).containsExactly("b", "c");
        assertThat(comparison.runs())
                .extracting(run -> run.levels().get(0).verdict())
                .containsExactly(Verdict.SLOWER, Verdict.FASTER);
        assertThat(comparison.runs().get(1).onlyInRun()).containsExactly("query, 20 tokens, 1 text, concurrency 7");
        assertThat(comparison.runs().get(0).onlyInBaseline()).isEmpty();
    }

    @Test
    void onlyDifferencesInTheSetUpAreListed() {
        Comparison comparison = Comparison.of(List.of(
                BASELINE.results(),
                new MadeRun("b")
                        .about("release", "1.3.1")
                        .effective("gpu", "H200")
                        .query(5)
                        .closed(10)
                        .results()));
        assertThat(comparison.differences())
                .containsExactly(
                        new Difference("effective gpu", List.of(Optional.empty(), Optional.of("H200"))),
                        new Difference("embedding.release", List.of(Optional.of("1.5.0"), Optional.of("1.3.1"))));
    }

    @Test
    void theSetUpHasOneColumnPerRunOnTheConsole() {
        Comparison comparison = Comparison.of(List.of(
                BASELINE.results(),
                new MadeRun("b").about("release", "1.3.1").query(5).closed(10).results(),
                new MadeRun("c").effective("gpu", "H200").query(5).closed(10).results()));
        assertThat(ComparisonTable.of(comparison)).contains("""
                        set-up                 a      b  c
                        effective gpu          –      –  H200
                        embedding.release  1.5.0  1.3.1  1.5.0
                        """);
    }

    @Test
    void theTableIsReadAtAGlance() {
        assertThat(ComparisonTable.of(Comparison.of(List.of(
                        BASELINE.results(),
                        new MadeRun("b").query(5).closed(10.5).results()))))
                .startsWith("""
                        b against a (baseline): 1 slower
                          conc.         p50 ms           change (95 %)          req/s           change (95 %)  p99  verdict
                        query, 20 tokens, 1 text
                              5  10.00 → 10.50  +5.0 % (+1.8 … +8.3 %)  500.0 → 476.2  −4.8 % (−7.6 … −1.8 %)    –  slower
                        """);
    }

    @Test
    void theJsonHoldsVerdictsAndIntervals() throws Exception {
        String json = ResultsFile.json(Comparison.of(List.of(
                BASELINE.results(), new MadeRun("b").query(5).closed(10.5).results())));
        assertThat(json)
                .contains("\"metric\" : \"p50\"")
                .contains("\"verdict\" : \"slower\"")
                .contains("\"low\" : 1.0");
    }

    @Property(tries = 100)
    void aRunWithItselfShowsNoDifference(
            @ForAll @DoubleRange(min = 0.01, max = 10_000) double p50,
            @ForAll @DoubleRange(min = 0, max = 50) double percent) {
        MadeRun run = new MadeRun("a").query(3).with(Metric.P50, p50, percent);
        LevelChange level = change(run, run);
        assertThat(level.metric(Metric.P50).orElseThrow().ratio()).isEqualTo(1);
        assertThat(level.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    }

    @Property(tries = 100)
    void theOtherWayRoundSlowerBecomesFaster(@ForAll @DoubleRange(min = 5, max = 20) double p50) {
        MadeRun run = new MadeRun("b").query(5).closed(p50);
        Verdict there = change(BASELINE, run).verdict();
        Verdict back = change(run, BASELINE).verdict();
        assertThat(back)
                .isEqualTo(
                        switch (there) {
                            case SLOWER -> Verdict.FASTER;
                            case FASTER -> Verdict.SLOWER;
                            default -> there;
                        });
    }

    @Property(tries = 100)
    void whatIsSlowerStaysSlowerWhenItGetsWorse(
            @ForAll @DoubleRange(min = 10, max = 12) double p50, @ForAll @DoubleRange(min = 1, max = 3) double worse) {
        if (change(BASELINE, new MadeRun("b").query(5).closed(p50)).verdict() == Verdict.SLOWER) {
            assertThat(change(BASELINE, new MadeRun("b").query(5).closed(p50 * worse))
                            .verdict())
                    .isEqualTo(Verdict.SLOWER);
        }
    }
}
