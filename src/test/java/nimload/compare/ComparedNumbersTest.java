package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What readers of a comparison see: counts, changes in per cent, their order and their places in the plot. */
class ComparedNumbersTest {
    private static Comparison.Compared compared(MadeRun baseline, MadeRun run) {
        return Comparison.of(List.of(baseline.results(), run.results())).runs().get(0);
    }

    private static MetricChange change(double ratio, Interval interval) {
        return new MetricChange(Metric.P50, 10, 10 * ratio, ratio, Optional.of(interval), Verdict.NO_DIFFERENCE);
    }

    /** A level is slower only once the whole interval has left 1 behind, not while its end lies on it. */
    @Test
    void anIntervalThatEndsExactlyAtNoChangeShowsNoDifference() {
        double above = Math.nextUp(1.0);
        double below = Math.nextDown(1.0);
        assertThat(MetricChange.verdict(Metric.P50, Interval.of(1, 1.1))).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(MetricChange.verdict(Metric.P50, Interval.of(above, 1.1))).isEqualTo(Verdict.SLOWER);
        assertThat(MetricChange.verdict(Metric.P50, Interval.of(0.9, 1))).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(MetricChange.verdict(Metric.P50, Interval.of(0.9, below))).isEqualTo(Verdict.FASTER);
        assertThat(MetricChange.verdict(Metric.REQUESTS_PER_SECOND, Interval.of(above, 1.1)))
                .isEqualTo(Verdict.FASTER);
        assertThat(MetricChange.verdict(Metric.REQUESTS_PER_SECOND, Interval.of(0.9, below)))
                .isEqualTo(Verdict.SLOWER);
    }

    @ParameterizedTest
    @CsvSource({
        "1.12, 1.10, 1.14, +12.0 %, +10.0 … +14.0 %",
        "1.12, 1.099, 1.14, +12.0 %, +9.9 … +14.0 %",
        "1.12, 1.02, 1.22, +12 %, +2 … +22 %",
        "1.12, 1.0201, 1.2199, +12.0 %, +2.0 … +22.0 %",
        "1.1234, 1.1223, 1.1245, +12.34 %, +12.23 … +12.45 %",
        "1.1234, 1.12335, 1.12345, +12.34 %, +12.34 … +12.35 %",
        "0.95, 0.9, 1.001, −5.0 %, −10.0 … +0.1 %",
        "0.9999, 0.98, 1.02, 0.0 %, −2.0 … +2.0 %",
        "5, 2, 12, +400 %, +100 … +1100 %",
        "1, 1, 1, 0 %, 0 … 0 %"
    })
    void aChangeHasTheDecimalsThatItsIntervalSupports(
            double ratio, double low, double high, String text, String interval) {
        MetricChange change = change(ratio, Interval.of(low, high));
        assertThat(ChangeText.of(change)).isEqualTo(text);
        assertThat(ChangeText.interval(change)).isEqualTo(interval);
    }

    @Test
    void aSideWithoutABoundIsSaidToHaveNone() {
        MetricChange above = change(1.2, new Interval(OptionalDouble.of(1.17), OptionalDouble.empty()));
        assertThat(ChangeText.of(above)).isEqualTo("+20.0 %");
        assertThat(ChangeText.interval(above)).isEqualTo("≥ +17.0 %");
        MetricChange below = change(0.8, new Interval(OptionalDouble.empty(), OptionalDouble.of(1.1)));
        assertThat(ChangeText.of(below) + " " + ChangeText.interval(below)).isEqualTo("−20 % ≤ +10 %");
        MetricChange none = change(1.234, new Interval(OptionalDouble.empty(), OptionalDouble.empty()));
        assertThat(ChangeText.of(none) + " " + ChangeText.interval(none)).isEqualTo("+23 % unbounded");
        MetricChange imported = new MetricChange(Metric.P50, 10, 12.34, 1.234, Optional.empty(), Verdict.NOT_JUDGED);
        assertThat(ChangeText.of(imported) + ChangeText.interval(imported)).isEqualTo("+23 %");
        assertThat(ChangeText.values(imported)).isEqualTo("10.00 → 12.34 ms");
    }

    @Test
    void theFirstLineCountsEachLevelOnceAndSaysWhatWasNotCompared() {
        MadeRun baseline = new MadeRun("a");
        MadeRun run = new MadeRun("b");
        for (int concurrency : new int[] {1, 3}) {
            baseline.query(concurrency).closed(10);
            run.query(concurrency).closed(12);
        }
        baseline.query(5).closed(10);
        run.query(5).closed(8);
        baseline.query(7).closed(10);
        run.query(7).closed(10);
        baseline.query(9).closed(10);
        run.query(9).closed(20).notValid("client-limited: 3.1 of 9 in flight");
        baseline.query(11).closed(10);
        run.query(11).failed();
        baseline.query(13).without(Metric.P50, 10);
        run.query(13).closed(10);
        baseline.query(15).closed(10);
        run.query(17).closed(10).query(19).closed(10);
        assertThat(FirstLine.of(compared(baseline, run)))
                .isEqualTo("1 without a right answer, 2 slower, 1 faster, 1 no difference shown; not compared:"
                        + " 1 without intervals, 1 that may not be quoted, 1 only in the baseline, 2 only in the run");
    }

    @Test
    void theWorstLevelComesFirstAndWhatDidNotChangeKeepsTheOrderOfThePlan() {
        MadeRun baseline = new MadeRun("a");
        MadeRun run = new MadeRun("b");
        double[] after = {10.1, 9, 10, 11, 12, 8};
        for (int i = 0; i < after.length; i++) {
            baseline.query(i + 1).closed(10);
            run.query(i + 1).closed(after[i]);
        }
        baseline.query(9).closed(10);
        run.query(9).failed();
        List<WorstFirst.Group> groups =
                WorstFirst.groups(compared(baseline, run).compared());
        assertThat(groups).extracting(WorstFirst.Group::shape).containsExactly("query, 20 tokens, 1 text");
        assertThat(groups.get(0).levels()).extracting(LevelChange::concurrency).containsExactly(9, 5, 4, 1, 3, 2, 6);
    }

    @Test
    void theShapeWithTheWorstLevelComesFirst() {
        MadeRun baseline =
                new MadeRun("a").query(1).closed(10).query(1).shape(300, 64).closed(90);
        MadeRun run =
                new MadeRun("b").query(1).closed(10.5).query(1).shape(300, 64).closed(99);
        assertThat(WorstFirst.groups(compared(baseline, run).compared()))
                .extracting(WorstFirst.Group::shape)
                .containsExactly("query, 300 tokens, 64 texts", "query, 20 tokens, 1 text");
    }

    /** 12 % on a scale to a fifth more or less. */
    @Test
    void thePlotHasNoChangeInTheMiddleAndCutsOffWhatLiesBeyondItsEdges() {
        LevelChange level = compared(
                        new MadeRun("a").query(1).closed(10).with(Metric.P99, 20, 1),
                        new MadeRun("b").query(1).closed(11.2).withLowOnly(Metric.P99, 20, 5))
                .levels()
                .get(0);
        ForestPlot plot = ForestPlot.of(List.of(level));
        ForestPlot.Mark p50 = plot.mark(level.metric(Metric.P50).orElseThrow());
        assertThat(p50.point())
                .isEqualTo(String.format(Locale.ROOT, "%.2f%%", 50 + 50 * Math.log(1.12) / Math.log(1.2)));
        assertThat(p50.cutLow() || p50.cutHigh()).isFalse();
        ForestPlot.Mark p99 = plot.mark(level.metric(Metric.P99).orElseThrow());
        assertThat(p99).isEqualTo(new ForestPlot.Mark("50.00%", true, "0.00%", "100.00%", true, true));
        assertThat(plot.ticks()).contains(new ForestPlot.Tick("50.00%", "0 %"));
    }

    @Test
    void runsAreCalledByTheirLabelsAndNoTwoAlike() {
        assertThat(RunNames.of(List.of(
                        new MadeRun("20261122-150000").label("H100").results(),
                        new MadeRun("20261122-160000").results(),
                        new MadeRun("20261122-170000").label("L4").results(),
                        new MadeRun("20261122-180000").label("H100").results())))
                .containsExactly("H100, 20261122-150000", "20261122-160000", "L4", "H100, 20261122-180000");
        assertThat(RunNames.of(List.of(
                        new MadeRun("a").label("x").results(),
                        new MadeRun("a").label("x").results())))
                .containsExactly("x, a (1)", "x, a (2)");
    }
}
