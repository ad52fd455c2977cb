package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.compare.History.Level;
import nimload.compare.History.Shown;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;

class HistoryTest {
    /** Six runs with two levels; one of them gets slower by 12 % in the fourth. */
    private static List<RunResults> plantedInRun4() {
        double[] changing = {10, 10.05, 9.97, 11.2, 11.17, 11.22};
        double[] unchanged = {20, 20.1, 19.9, 20.05, 19.95, 20};
        List<RunResults> runs = new ArrayList<>();
        for (int i = 0; i < changing.length; i++) {
            runs.add(new MadeRun("r" + (i + 1))
                    .query(5)
                    .closed(changing[i])
                    .with(Metric.P95, 2 * changing[i], 1)
                    .query(7)
                    .closed(unchanged[i])
                    .with(Metric.P95, 2 * unchanged[i], 1)
                    .results());
        }
        return runs;
    }

    /** Of each run S or F against the run before, s or f against the first, else a dot. */
    private static String marks(Level level, Metric metric) {
        StringBuilder marks = new StringBuilder();
        level.entries().forEach(entry -> {
            String mark = entry.number(metric).map(HistoryTable::marks).orElse("?");
            marks.append(mark.isEmpty() ? "." : mark).append(' ');
        });
        return marks.toString().strip();
    }

    @Test
    void aPlantedChangeIsMarkedAgainstTheRunBeforeAndFromThenOnAgainstTheFirst() {
        History history = History.of(plantedInRun4());
        Level changed = history.levels().get(0);
        assertThat(marks(changed, Metric.P50)).isEqualTo(". . . Ss s s");
        assertThat(marks(changed, Metric.REQUESTS_PER_SECOND)).isEqualTo(". . . Ss s s");
        assertThat(history.shownSteps()).extracting(Shown::run).containsOnly(3);
        assertThat(history.shownSteps().stream().map(HistoryTable::words))
                .contains("run 4, query, 20 tokens, 1 text, concurrency 5: p50 9.970 → 11.20 ms, +12.3 %"
                        + " (+9.0 … +15.8 %): slower than run 3");
    }

    @Test
    void aLevelThatDoesNotChangeIsNotMarked() {
        Level unchanged = History.of(plantedInRun4()).levels().get(1);
        assertThat(unchanged.point().concurrency()).isEqualTo(7);
        for (Metric metric : History.METRICS) {
            assertThat(marks(unchanged, metric)).as(metric.key()).isEqualTo(". . . . . .");
        }
    }

    /** No step of 1.5 % is more than noise, four of them are. */
    @Test
    void aSlowDriftIsFoundAgainstTheFirstRun() {
        List<RunResults> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.add(new MadeRun("r" + i)
                    .query(5)
                    .closed(10 * Math.pow(1.015, i))
                    .results());
        }
        assertThat(marks(History.of(runs).levels().get(0), Metric.P50)).isEqualTo(". . . s s");
    }

    @Test
    void aLevelThatMayNotBeQuotedIsAGapAndTheRunBeforeIsTheLastThatHasIt() {
        History history = History.of(List.of(
                new MadeRun("a").query(5).closed(10).results(),
                new MadeRun("b").query(5).closed(20).notValid("stalled").results(),
                new MadeRun("c").query(5).closed(12).query(7).closed(10).results()));
        Level level = history.levels().get(0);
        assertThat(marks(level, Metric.P50)).isEqualTo(". ? S");
        assertThat(level.entries().get(1).gap()).contains("may not be quoted: stalled");
        assertThat(level.entries().get(2).number(Metric.P50).flatMap(History.Number::sinceBefore))
                .map(History.Step::run)
                .contains(0);
        assertThat(history.levels().get(1).entries())
                .extracting(History.Entry::gap)
                .containsExactly(Optional.of("not in the run"), Optional.of("not in the run"), Optional.empty());
    }

    @Test
    void theRuleIsStatedWithTheNumberOfComparisons() {
        assertThat(History.of(plantedInRun4()).notes())
                .anySatisfy(note -> assertThat(note)
                        // 2 levels, 3 numbers, 5 runs before and 4 firsts
                        .contains("Each of these 54 comparisons")
                        .contains("up to 3 would be marked by chance"));
    }

    @Test
    void eachRunSaysWhatChangedInTheSetUpSinceTheRunBefore() {
        assertThat(History.of(List.of(
                                new MadeRun("a").query(5).closed(10).results(),
                                new MadeRun("b")
                                        .about("release", "1.6.0")
                                        .query(5)
                                        .closed(10)
                                        .results(),
                                new MadeRun("c")
                                        .about("release", "1.6.0")
                                        .query(5)
                                        .closed(10)
                                        .results()))
                        .setUps())
                .containsExactly(List.of(), List.of("embedding.release 1.5.0 → 1.6.0"), List.of());
    }

    @Test
    void theConsoleShowsWhatChangedFirstAndThenEachShape() {
        List<RunResults> runs = plantedInRun4();
        assertThat(HistoryTable.of(History.of(runs), List.of("run 6 against run 5: 2 no difference shown")))
                .startsWith("""
                          1  r1
                          2  r2
                          3  r3
                          4  r4
                          5  r5
                          6  r6
                        run 6 against run 5: 2 no difference shown
                          run 4, query, 20 tokens, 1 text, concurrency 5: p50 9.970 → 11.20 ms, +12.3 % (+9.0 … +15.8 %): slower than run 3
                        """)
                .contains("""

                        query, 20 tokens, 1 text
                          conc.  run                  p50 ms""")
                .contains("      5    4   11.20 (11.14 … 11.26)  Ss  ");
    }
}
