package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegressionTest {
    private static List<String> beyond(double limit, double p50) {
        return Regression.beyond(
                limit,
                Comparison.of(List.of(
                        new MadeRun("a").query(5).closed(10).results(),
                        new MadeRun("b").query(5).closed(p50).results())));
    }

    @Test
    void aLevelThatIsWorseWithConfidenceIsNamedWithItsNumbers() {
        assertThat(beyond(0.05, 12))
                .containsExactly(
                        "query, 20 tokens, 1 text, concurrency 5: requests/s 500.000 → 416.667, 16.7 % lower than the"
                                + " baseline (95 %: at least 14.1 %; allowed 5 %)",
                        "query, 20 tokens, 1 text, concurrency 5: p50 10.000 → 12.000 ms, 20.0 % higher than the"
                                + " baseline (95 %: at least 16.4 %; allowed 5 %)");
    }

    @Test
    void aLevelThatIsNotValidFailsTooAndNamesTheReason() {
        assertThat(Regression.beyond(
                        0.05,
                        Comparison.of(List.of(
                                new MadeRun("a").query(5).closed(10).results(),
                                new MadeRun("b")
                                        .query(5)
                                        .closed(12)
                                        .notValid("client's CPU saturated: 97 % busy")
                                        .results()))))
                .hasSize(2)
                .allMatch(line -> line.endsWith("%), but not valid: run: client's CPU saturated: 97 % busy"));
    }

    /** The ratio is known to ± 2.9 %. */
    @ParameterizedTest
    @CsvSource({"0.05, 10.5, 0", "0.05, 10.7, 0", "0.05, 10.9, 2", "0.10, 10.9, 0", "0.05, 5, 0", "0, 10.5, 2"})
    void theWholeIntervalMustLieBeyondTheLimit(double limit, double p50, int lines) {
        assertThat(beyond(limit, p50)).hasSize(lines);
    }

    @Test
    void aLevelThatNoLongerAnswersIsBeyondAnyLimit() {
        assertThat(Regression.beyond(
                        10,
                        Comparison.of(List.of(
                                new MadeRun("a").query(5).closed(10).results(),
                                new MadeRun("b").query(5).failed().results()))))
                .containsExactly("query, 20 tokens, 1 text, concurrency 5: no right answer in the run;"
                        + " run: 1000 of 1000 requests failed");
    }

    @ParameterizedTest
    @CsvSource({"0.07, 7", "0.05, 5", "0.025, 2.5", "0.29, 29", "0.1, 10", "0, 0"})
    void theLimitIsShownAsItWasGiven(double limit, String percent) {
        assertThat(beyond(limit, 20)).hasSize(2).allMatch(line -> line.endsWith("; allowed " + percent + " %)"));
    }

    @Test
    void withoutIntervalsNothingIsWorseWithConfidence() {
        MadeRun imported = new MadeRun("a").query(5).without(Metric.P50, 1);
        assertThat(Regression.canBeJudged(imported.results())).isFalse();
        assertThat(Regression.canBeJudged(new MadeRun("a").query(5).closed(1).results()))
                .isTrue();
        assertThat(Regression.beyond(
                        0,
                        Comparison.of(List.of(
                                imported.results(),
                                new MadeRun("b").query(5).closed(10).results()))))
                .isEmpty();
    }
}
