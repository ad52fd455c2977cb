package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.page.Headline.Trend;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;
import org.junit.jupiter.api.Test;

class HeadlineTest {
    /** Of passages, 64 per request; the rate's interval is ± {@code percent} %, p95's ± 1 %. */
    private static Made.Level level(int concurrency, double rate, double percent, double p95) {
        return new Made.Level(new LoadPoint(Workload.PASSAGE, 300, 0, 64, concurrency))
                .requestsPerSecond(rate, percent)
                .with(Percentile.P95, p95, 1);
    }

    private static Headline of(Made.Level... levels) {
        List<LevelResults> results =
                List.of(levels).stream().map(Made.Level::results).toList();
        List<Headline> headlines = Headline.of(Made.run(results));
        assertThat(headlines).hasSize(1);
        return headlines.get(0);
    }

    private static void isBest(Headline headline, int concurrency, Trend trend) {
        assertThat(headline.best().map(LevelResults::concurrency)).contains(concurrency);
        assertThat(headline.trend()).isEqualTo(trend);
    }

    @Test
    void flatTakesTheFewestUsersThatReachTheHighestRate() {
        Headline flat = of(level(1, 30.94, 0.5, 33.66), level(3, 33.9, 0.5, 88.44), level(5, 33.936, 0.5, 147.4));
        isBest(flat, 3, Trend.FLAT);
        assertThat(flat.alone().map(LevelResults::concurrency)).contains(1);
        assertThat(flat.sentence())
                .isEqualTo("This NIM embeds 2,170 passages/s with 3 users at p95 88.44 ms; more users, up to 5,"
                        + " gain no rate beyond the noise and wait longer (p95 147.4 ms).");
        assertThat(flat.moreUsers()).isEqualTo("5 users: rate the same, p95 +67 %");
    }

    @Test
    void flatFromTheFirstLevelOnSaysNothingOfAWaitThatIsNotShown() {
        Headline flat = of(level(1, 100, 0.5, 33), level(3, 99.8, 0.5, 33.2));
        isBest(flat, 1, Trend.FLAT);
        assertThat(flat.sentence()).endsWith("with 1 user at p95 33.00 ms; more users, up to 3, gain no rate.");
        assertThat(flat.moreUsers()).isEqualTo("3 users: rate the same, p95 the same");
    }

    @Test
    void aWideIntervalDoesNotMakeTwoLatenciesTheSame() {
        Headline rising = of(
                Made.query(1).requestsPerSecond(100, 0.5).with(Percentile.P95, 33, 40),
                Made.query(3).requestsPerSecond(200, 0.5).with(Percentile.P95, 50, 40));
        assertThat(rising.moreUsers()).isEqualTo("still rising; 1 → 3 users: rate × 2.0, p95 no change shown");
    }

    @Test
    void risingNamesTheMostUsersMeasuredAndWhatTheLastStepBought() {
        Headline rising = of(level(1, 10, 1, 2), level(3, 20, 1, 2.01), level(5, 30, 1, 2.4));
        isBest(rising, 5, Trend.RISING);
        assertThat(rising.sentence())
                .isEqualTo("This NIM embeds 1,920 passages/s with 5 users at p95 2.400 ms;"
                        + " the rate still rises at 5 users, the most measured.");
        assertThat(rising.moreUsers()).isEqualTo("still rising; 3 → 5 users: rate +50 %, p95 +19 %");
    }

    @Test
    void fallingNamesTheLowestRateBeyondTheBest() {
        Headline falling =
                of(level(1, 10, 1, 2), level(3, 20, 1, 3), level(5, 15, 1, 9), level(7, 16, 1, 9), level(9, 20, 1, 9));
        isBest(falling, 3, Trend.FALLING);
        assertThat(falling.sentence())
                .isEqualTo("This NIM embeds 1,280 passages/s with 3 users at p95 3.000 ms;"
                        + " with 5 users the rate falls to 960.0 passages/s (−25 %).");
        assertThat(falling.moreUsers()).isEqualTo("5 users: rate −25 %, p95 × 3.0");
    }

    @Test
    void noisyClaimsNoDifferenceAndNoSameness() {
        Headline noisy = of(level(1, 100, 10, 10), level(3, 115, 10, 12));
        isBest(noisy, 1, Trend.UNCLEAR);
        assertThat(noisy.sentence())
                .isEqualTo("This NIM embeds 6,400 passages/s with 1 user at p95 10.00 ms; whether more users buy rate"
                        + " is not shown: 7,360 passages/s with 3, but the intervals overlap.");
        assertThat(noisy.moreUsers()).isEqualTo("not shown: intervals overlap up to 3 users");
    }

    @Test
    void oneLevelSaysWhyThereIsNoOther() {
        Headline measured = of(level(3, 100, 1, 10));
        isBest(measured, 3, Trend.SINGLE);
        assertThat(measured.sentence()).endsWith("with 3 users at p95 10.00 ms; no other concurrency was measured.");
        assertThat(measured.moreUsers()).isEqualTo("not measured");
        Headline quotable = of(level(1, 50, 1, 10).notValid("silent"), level(3, 100, 1, 10));
        isBest(quotable, 3, Trend.SINGLE);
        assertThat(quotable.alone().map(LevelResults::concurrency)).contains(3);
        assertThat(quotable.sentence()).endsWith("no other concurrency may be quoted.");
        assertThat(quotable.moreUsers()).isEqualTo("not quotable");
    }

    @Test
    void noneQuotableGivesNoNumber() {
        Headline none = of(
                level(1, 100, 1, 10).notValid("machine busy"),
                level(3, 200, 1, 10).notValid("silent"));
        assertThat(none.best()).isEmpty();
        assertThat(none.alone()).isEmpty();
        assertThat(none.trend()).isEqualTo(Trend.UNKNOWN);
        assertThat(none.quotable()).isZero();
        assertThat(none.sentence())
                .isEqualTo(
                        "No rate can be given for passage, 300 tokens, 64 texts: none of its 2 levels may be quoted.");
        assertThat(none.moreUsers()).isEqualTo("–");
        assertThat(of(level(1, 100, 1, 10).notValid("silent")).sentence())
                .endsWith(": its only level may not be quoted.");
    }

    @Test
    void aLevelThatMayNotBeQuotedIsNeitherTheBestNorTheMostMeasured() {
        Headline rising =
                of(level(1, 10, 1, 2), level(3, 20, 1, 3), level(5, 90, 1, 4).notValid("machine busy"));
        isBest(rising, 3, Trend.RISING);
        assertThat(rising.sentence()).endsWith("the rate still rises at 3 users, the most that may be quoted.");
        assertThat(List.of(rising.measured(), rising.quotable())).containsExactly(3, 2);
    }

    /** 100 + 5 % = 105 is where 110 − 5/110 begins, for intervals; without them 2 % decide. */
    @Test
    void intervalsThatTouchAreTheSameRateAndOnesThatDoNotAreTwo() {
        isBest(of(level(1, 100, 5, 9), level(3, 110.5, 5, 9)), 1, Trend.UNCLEAR);
        isBest(of(level(1, 100, 5, 9), level(3, 110.6, 5, 9)), 3, Trend.RISING);
    }

    @Test
    void twoPercentAreTheSameRateWithoutIntervalsAndWithNarrowOnes() {
        Made.Level one = Made.query(1).requestsPerSecond(100);
        isBest(of(one, Made.query(3).requestsPerSecond(102)), 1, Trend.FLAT);
        isBest(of(one, Made.query(3).requestsPerSecond(102.1)), 3, Trend.RISING);
        Headline narrow = of(level(1, 100, 0.1, 10), level(3, 101.5, 0.1, 30));
        isBest(narrow, 1, Trend.FLAT);
        assertThat(narrow.sentence()).endsWith("gain at most 1.5 % in rate and wait longer (p95 30.00 ms).");
        isBest(of(level(1, 100, 0.1, 10), level(3, 102.1, 0.1, 30)), 3, Trend.RISING);
    }

    @Test
    void withoutAP95TheSentenceNamesTheMedianOrNoLatency() {
        assertThat(of(Made.query(1).requestsPerSecond(100).with(Percentile.P50, 2.3))
                        .sentence())
                .isEqualTo("This NIM embeds 100.0 queries/s with 1 user at p50 2.300 ms;"
                        + " no other concurrency was measured.");
        assertThat(of(Made.query(1).requestsPerSecond(100)).sentence()).contains("with 1 user; no other");
        assertThat(of(Made.query(1)).sentence()).endsWith(": no level that may be quoted has a rate.");
    }

    @Test
    void aP95WithoutAnUpperBoundGivesWayToTheMedian() {
        Headline few = of(few(1, 33, 34), few(3, 88, 89));
        assertThat(few.sentence())
                .endsWith("at p50 33.00 ms; more users, up to 3, gain no rate and wait longer" + " (p50 88.00 ms).");
        assertThat(few.moreUsers()).isEqualTo("3 users: rate the same, p50 × 2.7");
        assertThat(Headline.latencyText(few.best().orElseThrow(), Percentile.P95))
                .isEqualTo("≥ 34.00 ms");
    }

    private static Made.Level few(int concurrency, double p50, double p95) {
        return Made.query(concurrency)
                .requestsPerSecond(30)
                .with(Percentile.P50, p50, 1)
                .withoutUpperBound(Percentile.P95, p95);
    }

    @Test
    void aGivenRateIsNotTheHighest() {
        LoadPoint point = new LoadPoint(Workload.QUERY, 20, 0, 0, 1, 0, Load.of("20/s poisson"), Optional.empty());
        Headline fixed = of(new Made.Level(point).requestsPerSecond(19.8).with(Percentile.P95, 3));
        assertThat(fixed.trend()).isEqualTo(Trend.FIXED_RATE);
        assertThat(fixed.sentence())
                .isEqualTo("This NIM embeds 19.8 queries/s at p95 3.000 ms when requests are sent at 20/s poisson;"
                        + " the highest rate was not measured.");
    }

    private static String sentence(RunInfo info, LevelResults level) {
        return Headline.of(info, List.of(level)).sentence();
    }

    private static RunInfo info(String tool, boolean emulated, String... replicas) {
        TargetResults target =
                new TargetResults("http://10.0.0.5:8000", List.of(replicas), "a/b", emulated, Map.of(), Map.of());
        return new RunInfo(
                tool,
                "x",
                Made.STARTED,
                1,
                emulated,
                Map.of("embedding", target),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of());
    }

    @Test
    void theSentenceNamesTheEmbeddedNimAnotherToolAndReplicas() {
        LevelResults level = Made.query(1).requestsPerSecond(100).results();
        assertThat(sentence(info("nimload 0.1.0", true), level)).startsWith("The embedded NIM (not NVIDIA's) embeds ");
        assertThat(sentence(info("genai-perf 0.0.16", false), level))
                .startsWith("By the numbers of genai-perf 0.0.16, this NIM embeds ");
        assertThat(sentence(info("nimload 0.1.0", false, "http://a", "http://b"), level))
                .startsWith("2 replicas of this NIM embed ");
        LevelResults ranking = new Made.Level(new LoadPoint(Workload.RERANKING, 512, 512, 10, 1))
                .requestsPerSecond(20)
                .results();
        assertThat(sentence(info("nimload 0.1.0", false), ranking)).startsWith("This NIM scores 200.0 pairs/s ");
    }

    private static LevelResults ranking(int passages, int concurrency, double rate, double p95, boolean valid) {
        Made.Level level = new Made.Level(new LoadPoint(Workload.RERANKING, 512, 512, passages, concurrency))
                .requestsPerSecond(rate, 0.1)
                .with(Percentile.P95, p95, 1);
        return (valid ? level : level.notValid("silent")).results();
    }

    private static String together(LevelResults... levels) {
        RunResults run = Made.run(List.of(levels));
        return Headline.sentences(run).get(Workload.RERANKING);
    }

    @Test
    void aWorkloadOfSeveralShapesGetsOneSentenceOfWhatHoldsForAll() {
        assertThat(together(
                        ranking(10, 1, 20, 47, true),
                        ranking(10, 3, 20, 139, true),
                        ranking(20, 1, 10, 94, true),
                        ranking(20, 3, 11, 277, true),
                        ranking(20, 5, 11, 457, true)))
                .isEqualTo("This NIM scores 200.0 to 220.0 pairs/s with 1 to 3 users at p95 47.00 to 277.0 ms,"
                        + " depending on the shape; more users gain at most 2 % in rate.");
        assertThat(together(ranking(10, 1, 20, 47, true), ranking(10, 3, 20, 139, true), ranking(20, 1, 10, 94, true)))
                .endsWith("; what more users buy depends on it too.");
        assertThat(together(ranking(10, 1, 20, 47, true), ranking(20, 1, 10, 94, false)))
                .isEqualTo(
                        "This NIM scores 200.0 pairs/s with 1 user at p95 47.00 ms; no other concurrency was measured."
                                + " That is for 512+512 tokens, 10 passages; no rate can be given for the other shape.");
        assertThat(together(ranking(10, 1, 20, 47, true), ranking(20, 1, 10, 94, true), ranking(40, 1, 5, 94, false)))
                .isEqualTo(
                        "This NIM scores 200.0 pairs/s with 1 user at p95 47.00 to 94.00 ms, depending on the shape;"
                                + " each has only one concurrency that may be quoted. No rate can be given for 1 of its 3 shapes.");
        assertThat(together(ranking(10, 1, 20, 47, false), ranking(20, 1, 10, 94, false)))
                .isEqualTo("No rate can be given for reranking: none of its 2 levels may be quoted.");
    }
}
