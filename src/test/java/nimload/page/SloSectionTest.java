package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.results.Cell;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.SloSummary;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;

class SloSectionTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static SloCheck check(String metric, double limit, OptionalDouble measured, String unit, String detail) {
        return SloCheck.of(
                metric, NONE, SloCheck.AT_MOST, limit, measured, unit, Optional.empty(), Optional.ofNullable(detail));
    }

    /** The cells of a check's row, without the level's. */
    private static List<Cell> cells(SloCheck check) {
        List<LevelResults> levels = List.of(MadeRuns.level(1, 100, 10, 0).withSlo(List.of(check)));
        RunResults run = Made.run(levels).withSlo(levels, new SloSummary("slo.yaml", check.met(), Map.of()));
        return SloSection.of(run).orElseThrow().checks().rows().get(0).cells().subList(2, 6);
    }

    /** A level that keeps to its limit, and one that misses it if {@code latency} is above 30 ms. */
    private static RunResults run(double latency, int planned) {
        List<LevelResults> levels = List.of(
                MadeRuns.level(1, 100, 10, 0).withSlo(List.of(p95(10))),
                MadeRuns.level(3, 100, latency, 0).withSlo(List.of(p95(latency))));
        return Made.run(levels, planned)
                .withSlo(levels, new SloSummary("slo.yaml", true, Map.of("query, 20 tokens, 1 text", 3)));
    }

    private static SloCheck p95(double measured) {
        return check("p95", 30, OptionalDouble.of(measured), SloCheck.MILLIS, null);
    }

    private static List<String> texts(SloCheck check) {
        return cells(check).stream().map(Cell::text).toList();
    }

    @Test
    void aSmallShareIsAPercentageAndNot0() {
        assertThat(texts(check("errorShare", 0.0004, OptionalDouble.of(1 / 3299.0), SloCheck.SHARE, null)))
                .containsExactly("errorShare", "at most 0.04 %", "0.03 %", "✓ met");
    }

    @Test
    void whatMissesALimitByAHairLooksLikeMore() {
        assertThat(texts(check("p95", 30, OptionalDouble.of(30.004), SloCheck.MILLIS, null)))
                .containsExactly("p95", "at most 30 ms", "30.004 ms", "✗ missed");
        assertThat(texts(check("errorShare", 0, OptionalDouble.of(1 / 4e7), SloCheck.SHARE, null)))
                .containsExactly("errorShare", "at most 0 %", "0.000003 %", "✗ missed");
    }

    @Test
    void goodputSaysWithinWhatAndOutOfHowMany() {
        List<Cell> cells = cells(SloCheck.of(
                "goodput",
                OptionalDouble.of(300),
                SloCheck.AT_LEAST,
                0.99,
                OptionalDouble.of(0.982),
                SloCheck.SHARE,
                Optional.empty(),
                Optional.of("982 of 1000 requests")));
        assertThat(cells.stream().map(Cell::text))
                .containsExactly("goodput within 300 ms", "at least 99 %", "98.2 %", "✗ missed");
        assertThat(cells.get(3).detail()).isEqualTo("982 of 1000 requests");
    }

    @Test
    void whatIsNotSureOrNotKnownSaysWhy() {
        Cell unsure = cells(SloCheck.of(
                        "p95",
                        NONE,
                        SloCheck.AT_MOST,
                        320,
                        OptionalDouble.of(310),
                        SloCheck.MILLIS,
                        Optional.of(Interval.of(290, 330.5)),
                        Optional.empty()))
                .get(3);
        assertThat(unsure.text()).isEqualTo("✓ met");
        assertThat(unsure.detail()).isEqualTo("not sure, the 95 % interval is 290 ms to 330.5 ms");
        List<Cell> unknown = cells(check("p99", 320, NONE, SloCheck.MILLIS, "too few samples for p99: 20 of 100"));
        assertThat(unknown.stream().map(Cell::text)).containsExactly("p99", "at most 320 ms", Cell.UNKNOWN, "✗ missed");
        assertThat(unknown.get(2).hint()).isEqualTo("too few samples for p99: 20 of 100");
        assertThat(unknown.get(3).detail()).isEqualTo("too few samples for p99: 20 of 100");
    }

    @Test
    void aCompleteRunMetItsLimitsOrMissedThem() {
        assertThat(ReportPage.html(run(20, 2)))
                .contains("<span class=\"good\">✓ met</span>")
                .contains("<strong class=\"good\">✓ every level with limits met them all</strong>")
                .contains("<li>query, 20 tokens, 1 text: limits met up to concurrency 3</li>")
                .contains("<small>SLO met up to 3 users</small>");
        assertThat(ReportPage.html(run(31, 2)))
                .contains("<span class=\"bad\">✗ missed</span>")
                .contains("<strong class=\"bad\">✗ not every level met its limits</strong>");
    }

    @Test
    void ofARunThatEndedEarlyOnlyTheLevelsThatRanAreJudged() {
        assertThat(ReportPage.html(run(20, 23)))
                .as("though the file says that all is met, as earlier versions wrote it")
                .contains("<span class=\"warn\">met by the levels that ran</span>")
                .contains("every level that ran met its limits, but the run is not complete")
                .contains("limits met up to concurrency 3 of the levels that ran</li>")
                .contains("<small>SLO met up to 3 users of the levels that ran</small>")
                .doesNotContain("✓ met</span>", "every level with limits");
        assertThat(ReportPage.html(run(31, 23)))
                .contains("<span class=\"bad\">✗ missed</span>")
                .contains("✗ not every level that ran met its limits");
    }
}
