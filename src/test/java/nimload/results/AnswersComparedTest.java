package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersComparedTest {
    /** 1 − 0.05^(1/n), rounded up. */
    @ParameterizedTest
    @CsvSource({"1, 950000", "2, 776394", "3, 631597", "59, 49508", "100, 29514", "3000, 999", "1000000, 3"})
    void withoutADifferenceAmongNThereAreAtMostSoManyInAMillion(long compared, double perMillion) {
        assertThat(AnswersCompared.perMillionAtMost(compared, 0)).hasValue(perMillion);
    }

    @Test
    void itIsUnknownWhereNothingWasComparedOrSomethingDiffered() {
        assertThat(AnswersCompared.perMillionAtMost(0, 0)).isEmpty();
        assertThat(AnswersCompared.perMillionAtMost(100, 1)).isEmpty();
    }
}
