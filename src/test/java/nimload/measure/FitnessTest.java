package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitnessTest {
    @ParameterizedTest
    @CsvSource({"0.5, 20, true", "0.51, 0, false", "0, 20.1, false"})
    void aMachineIsFitUpToHalfOfItsCoresForOthersAnd20MsOfStandingStill(double others, double stalled, boolean fit) {
        assertThat(new Fitness(OptionalDouble.of(others), stalled).against().isEmpty())
                .isEqualTo(fit);
    }

    @Test
    void theSentenceSaysWhatWasSeen() {
        assertThat(new Fitness(OptionalDouble.of(0.97), 0).against())
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("This machine is busy: other processes use 97 % of its cores; "));
        assertThat(new Fitness(OptionalDouble.empty(), 140).against())
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("it stood still for 140 ms in a moment"));
    }

    @Test
    void itLooksWhileTimePasses() {
        try (StallClock stalls = new StallClock(() -> 0)) {
            boolean[] waited = {false};
            Fitness seen = Fitness.seen(stalls, () -> waited[0] = true);
            assertThat(waited[0]).isTrue();
            assertThat(seen.stalledMillis()).isZero();
        }
    }
}
