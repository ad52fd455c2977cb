package nimload.slo;

import static nimload.measure.RecordedLevel.PASSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import nimload.measure.ErrorKind;
import nimload.measure.RecordedLevel;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloEvaluationTest {
    /** 100 requests of 1 to 100 ms, 5.05 s in total, and 2 failed ones. */
    private static LevelResults level() {
        return Levels.of(new RecordedLevel()
                .answers(LongStream.rangeClosed(1, 100).map(i -> i * 37 % 101 * 1000))
                .failures(2, 1, ErrorKind.http(503), "busy"));
    }

    private static SloCheck only(String limit, LevelResults level) {
        return Levels.evaluate("- " + limit, List.of(level))
                .levels()
                .get(0)
                .slo()
                .get(0);
    }

    @Test
    void atARateALimitIsOnTheResponseTime() {
        LevelResults open = new Made.Level(PASSAGE.at(Load.constant(10)))
                .with(Percentile.P95, 20)
                .arrivals(Map.of(Percentile.P95, Estimate.of(300)), 5)
                .results();
        assertThat(only("p95: 299ms", open).met()).isFalse();
        assertThat(only("p95: 300ms", open).measured()).hasValue(300);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            p50: 50ms   | true  | p50 50 ms ≤ 50 ms
            p50: 49.999ms | false | p50 50 ms > 49.999 ms
            p99: 0.1s   | true  | p99 99 ms ≤ 100 ms
            p99.9: 1s   | false | p99.9 not known (too few samples for p99.9: 100 of 1000), the limit is at most 1000 ms
            errorShare: 2% | true | errorShare 1.961 % ≤ 2 % (2 of 102 requests failed)
            errorShare: 1.96% | false | errorShare 1.961 % > 1.96 % (2 of 102 requests failed)
            errorShare: 1.961% | true | errorShare 1.961 % ≤ 1.961 % (2 of 102 requests failed)
            requestsPerSecond: 19.5 | true | requestsPerSecond 19.802/s ≥ 19.5/s
            requestsPerSecond: 25   | false | requestsPerSecond 19.802/s < 25/s
            itemsPerSecond: 25      | false | itemsPerSecond 19.802/s < 25/s
            'goodput: {latency: 90ms, atLeast: 88%}' | true | goodput within 90 ms 88.235 % ≥ 88 % (90 of 102 requests)
            'goodput: {latency: 89.999ms, atLeast: 88%}' | false | goodput within 89.999 ms 87.255 % < 88 % (89 of 102 requests)
            'goodput: {latency: 90ms, atLeast: 17/s}' | true | goodput within 90 ms 17.822/s ≥ 17/s (90 of 102 requests)
            'goodput: {latency: 90ms, atLeast: 18/s}' | false | goodput within 90 ms 17.822/s < 18/s (90 of 102 requests)
            """)
    void aLimitIsCheckedAgainstTheMeasuredValue(String limit, boolean met, String text) {
        SloCheck check = only(limit, level());
        assertThat(check.met()).isEqualTo(met);
        assertThat(check.text().replaceFirst(" \\(not sure, .*\\)", "")).isEqualTo(text);
    }

    @Test
    void aMicrosecondAboveTheLimitMissesItEvenWhereTheHistogramsStepsAreWider() {
        LevelResults level = Levels.of(new RecordedLevel().answers(20, 300_001));
        assertThat(only("p95: 300ms", level).met()).isFalse();
        assertThat(only("goodput: {latency: 300ms, atLeast: 1%}", level).measured())
                .hasValue(0);
        assertThat(only("goodput: {latency: 300.001ms, atLeast: 1%}", level).measured())
                .hasValue(1);
    }

    @Test
    void aValueThatMissesTheLimitNeverLooksLikeIt() {
        LevelResults level =
                Levels.of(new RecordedLevel().answers(99_999, 10).failures(1, 10, ErrorKind.http(503), "busy"));
        assertThat(only("errorShare: 0%", level).text()).startsWith("errorShare 0.001 % > 0 %");
        assertThat(only("goodput: {latency: 1s, atLeast: 100%}", level).text())
                .startsWith("goodput within 1000 ms 99.999 % < 100 %");
    }

    @Test
    void aShareShowsEnoughDecimalsToDifferFromTheLimit() {
        SloCheck check = SloCheck.of(
                "errorShare",
                OptionalDouble.empty(),
                SloCheck.AT_MOST,
                0,
                OptionalDouble.of(1 / 4e7),
                SloCheck.SHARE,
                Optional.empty(),
                Optional.empty());
        assertThat(check.text()).isEqualTo("errorShare 0.000003 % > 0 %");
    }

    @Test
    void aVerdictIsNotSureWhereTheIntervalHoldsTheLimit() {
        Interval interval = Interval.of(290, 330.5);
        SloCheck met = check(SloCheck.AT_MOST, 320, 310, interval);
        assertThat(met.met()).isTrue();
        assertThat(met.sure()).contains(false);
        assertThat(met.text()).isEqualTo("p95 310 ms ≤ 320 ms (not sure, the 95 % interval is 290 ms to 330.5 ms)");
        SloCheck broken = check(SloCheck.AT_MOST, 300, 310, interval);
        assertThat(broken.met()).isFalse();
        assertThat(broken.sure()).contains(false);
        assertThat(check(SloCheck.AT_MOST, 330.5, 310, interval).sure()).contains(true);
        assertThat(check(SloCheck.AT_MOST, 289, 310, interval).sure()).contains(true);
        assertThat(check(SloCheck.AT_MOST, 290, 310, interval).sure()).contains(false);
        assertThat(check(SloCheck.AT_LEAST, 290, 310, interval).sure()).contains(true);
        assertThat(check(SloCheck.AT_LEAST, 291, 310, interval).sure()).contains(false);
        assertThat(check(SloCheck.AT_LEAST, 320, 310, interval).sure()).contains(false);
        assertThat(check(SloCheck.AT_LEAST, 331, 310, interval).sure()).contains(true);
        Interval open = new Interval(OptionalDouble.of(290), OptionalDouble.empty());
        assertThat(check(SloCheck.AT_MOST, 9999, 310, open).sure())
                .as("unbounded above")
                .contains(false);
    }

    private static SloCheck check(String bound, double limit, double measured, Interval interval) {
        return SloCheck.of(
                "p95",
                OptionalDouble.empty(),
                bound,
                limit,
                OptionalDouble.of(measured),
                SloCheck.MILLIS,
                Optional.of(interval),
                Optional.empty());
    }

    @Test
    void itemsAreAsSureAsTheirRequests() {
        LevelResults passage = Levels.level(
                PASSAGE, new RecordedLevel().answers(LongStream.range(0, 1000).map(i -> 500 + i % 7)));
        Interval requests =
                passage.throughput().requests().orElseThrow().interval().orElseThrow();
        double low = requests.low().orElseThrow();
        assertThat(only("itemsPerSecond: " + (low * 64 - 1), passage).sure()).contains(true);
        double high = requests.high().orElseThrow();
        assertThat(only("itemsPerSecond: " + (int) (high * 64 + 1), passage).sure())
                .contains(true);
        double rate = passage.throughput().itemsPerSecond().orElseThrow();
        assertThat(only("itemsPerSecond: " + rate, passage).sure()).contains(false);
    }

    @Test
    void aLevelWithoutAnAnswerMeetsNothing() {
        LevelResults silent = Levels.of(new RecordedLevel());
        assertThat(Levels.evaluate("""
                                - {p50: 1s, errorShare: 100%, requestsPerSecond: 1, itemsPerSecond: 1}
                                - goodput: {latency: 1s, atLeast: [1%, 1/s]}
                                """, List.of(silent)).levels().get(0).slo())
                .hasSize(6)
                .allSatisfy(check -> {
                    assertThat(check.met()).isFalse();
                    assertThat(check.measured()).isEmpty();
                    assertThat(check.sure()).isEmpty();
                    assertThat(check.text()).contains(" not known (");
                });
    }

    @Test
    void goodputOfALevelAtARateIsUnknownWithoutAHistogramOfResponseTimes() {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(1000, 100);
        Made.Level made =
                new Made.Level(new LoadPoint(Workload.QUERY, 20, 0, 1, 64).at(Load.poisson(50))).latencies(latencies);
        SloCheck unknown = only(
                "goodput: {latency: 1s, atLeast: 1%}",
                made.arrivals(Map.of(), 0).results());
        assertThat(unknown.measured()).isEmpty();
        assertThat(unknown.met()).isFalse();
        // Where it is not known when requests were to be sent, as of another tool.
        SloCheck imported = only(
                "goodput: {latency: 1s, atLeast: 1%}",
                new Made.Level(new LoadPoint(Workload.QUERY, 20, 0, 1, 64).at(Load.poisson(50)))
                        .latencies(latencies)
                        .results());
        assertThat(imported.measured()).hasValue(1);
    }

    @Test
    void goodputIsZeroWhereAllRequestsFailed() {
        LevelResults failed = Levels.of(new RecordedLevel().failures(3, 100, ErrorKind.http(503), "busy"));
        assertThat(only("goodput: {latency: 1s, atLeast: 1%}", failed).measured())
                .hasValue(0);
    }

    @Test
    void withoutALimitThatCountsFailuresNoFailureIsAllowed() {
        RunResults run = Levels.evaluate("- p50: 1s", List.of(level()));
        assertThat(run.levels().get(0).slo())
                .extracting(SloCheck::metric, SloCheck::met)
                .containsExactly(tuple("p50", true), tuple("errorShare", false));
        assertThat(Levels.evaluate("- {p50: 1s, errorShare: 2%}", List.of(level()))
                        .slo()
                        .orElseThrow()
                        .met())
                .isTrue();
    }

    private static List<LevelResults> queries(int... millisFromConcurrency1) {
        List<LevelResults> levels = new ArrayList<>();
        for (int millis : millisFromConcurrency1) {
            levels.add(Levels.query(levels.size() + 1, new RecordedLevel().answers(20, millis * 1000L)));
        }
        return levels;
    }

    @Test
    void theHighestConcurrencyMeetsTheLimitsTogetherWithAllLowerOnes() {
        assertThat(highest("- p95: 5ms", queries(1, 5, 6, 2)))
                .containsExactly(Map.entry("query, 20 tokens, 1 text", 2));
        assertThat(highest("- p95: 6ms", queries(1, 5, 6, 2)))
                .containsExactly(Map.entry("query, 20 tokens, 1 text", 4));
        assertThat(highest("- p95: 0.5ms", queries(1, 5))).containsExactly(Map.entry("query, 20 tokens, 1 text", 0));
        assertThat(highest("- {concurrency: 2-3, p95: 5ms}", queries(9, 5, 5, 1)))
                .as("levels without limits do not count")
                .containsExactly(Map.entry("query, 20 tokens, 1 text", 3));
        List<LevelResults> both = new ArrayList<>(queries(1, 2));
        both.add(Levels.level(PASSAGE, new RecordedLevel().answers(20, 9000)));
        assertThat(highest("- p95: 1ms", both))
                .isEqualTo(Map.of("query, 20 tokens, 1 text", 1, "passage, 300 tokens, 64 texts", 0));
        assertThat(highest("- {workload: query, p95: 1ms}", both)).doesNotContainKey("passage, 300 tokens, 64 texts");
    }

    private static Map<String, Integer> highest(String yaml, List<LevelResults> levels) {
        return Levels.evaluate(yaml, levels).slo().orElseThrow().highestConcurrency();
    }

    @Test
    void aRunThatEndedEarlyDoesNotMeetItsLimitsAndTheConsoleQualifiesItsCounts() {
        String yaml = "- p50: 95ms";
        List<LevelResults> levels = List.of(Levels.query(1, RecordedLevel.clean(RecordedLevel.QUERY)));
        assertThat(Levels.evaluate(yaml, levels).slo().orElseThrow().met()).isTrue();
        RunResults early = Levels.evaluate(yaml, levels, 2);
        assertThat(early.slo().orElseThrow().met()).isFalse();
        assertThat(early.slo().orElseThrow().highestConcurrency())
                .containsExactly(Map.entry("query, 20 tokens, 1 text", 1));
        assertThat(SloText.summary(early))
                .containsExactly(
                        "SLO of slo.yaml: met by 1 of 1 levels that have limits and ran",
                        "highest concurrency that meets the SLO: query, 20 tokens, 1 text: 1,"
                                + " the highest that has limits and ran");
    }

    @Test
    void aRunWithoutLimitsIsUnchanged() {
        RunResults run = Levels.evaluate("- p95: 1s", queries(1));
        assertThat(SloEvaluation.evaluate(run, new Slo("none", List.of()))).isSameAs(run);
    }

    @Test
    void outcomesSurviveResultsJson() throws IOException {
        RunResults run = Levels.evaluate("- {p95: 1s, p99: 1s, goodput: {latency: 1ms, atLeast: 9/s}}", queries(1, 2));
        assertThat(ResultsFile.parse(ResultsFile.json(run))).isEqualTo(run);
        assertThat(ResultsFile.json(run)).doesNotContain("\"text\"");
    }

    @Test
    void theConsoleShowsMissedLimitsOrElseBarelyMetOnes() {
        RunResults run = Levels.evaluate(
                "- {concurrency: 1-3, p95: 240ms, requestsPerSecond: 3.9}", queries(230, 245, 260, 230));
        assertThat(run.levels().stream().map(SloText::line))
                .containsExactly(
                        Optional.of(
                                "SLO met: p95 230 ms ≤ 240 ms (not sure, the 95 % interval is 229.999 ms and more)"),
                        Optional.of("SLO not met: p95 245 ms > 240 ms"),
                        Optional.of("SLO not met: p95 260 ms > 240 ms; requestsPerSecond 3.846/s < 3.9/s"),
                        Optional.empty());
        assertThat(run.levels().get(2).slo().stream().map(SloText::broken).flatMap(Optional::stream))
                .containsExactly("SLO not met: p95 260 ms > 240 ms", "SLO not met: requestsPerSecond 3.846/s < 3.9/s");
        assertThat(SloText.summary(run))
                .containsExactly(
                        "SLO of slo.yaml: met by 1 of 3 levels that have limits",
                        "highest concurrency that meets the SLO: query, 20 tokens, 1 text: 1" + "");
        List<LevelResults> valid = List.of(
                Levels.query(1, RecordedLevel.clean(RecordedLevel.QUERY)),
                queries(1, 1000).get(1));
        assertThat(SloText.summary(Levels.evaluate("- p95: 95ms", valid)).get(1))
                .endsWith("query, 20 tokens, 1 text: 1");
        assertThat(SloText.line(Levels.evaluate("- p95: 95ms", valid).levels().get(0))
                        .orElseThrow())
                .startsWith("SLO met: p95 95 ms ≤ 95 ms (not sure, the 95 % interval is ");
        assertThat(SloText.summary(Levels.evaluate("- p95: 95ms", valid.subList(0, 1)))
                        .get(1))
                .endsWith("query, 20 tokens, 1 text: 1, the highest that has limits");
        assertThat(SloText.summary(Levels.evaluate("- p95: 1ms", valid)).get(1)).endsWith("1 text: none");
    }

    /** Recorded at commit d43cc60. */
    @Test
    void aRecordedRunStillGetsTheSameSummary() throws IOException {
        Path recorded = Path.of("src", "test", "fixtures", "recorded");
        Slo slo = SloFile.parse("golden-slo.yaml", Files.readString(recorded.resolve("golden-slo.yaml")));
        RunResults run = SloEvaluation.evaluate(ResultsFile.read(recorded.resolve("before.json")), slo);
        assertThat(SloText.summary(run)).isEqualTo(Files.readAllLines(recorded.resolve("before-slo.txt")));
    }
}
