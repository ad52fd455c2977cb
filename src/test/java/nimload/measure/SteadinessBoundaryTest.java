package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import nimload.results.Drift;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Levels of 5 s whose latency is known in each of their forty slices of 125 ms. */
class SteadinessBoundaryTest {
    private static final long SLICE_MICROS = 125_000;
    private static final String STEADY = "no change of 2 % or more in latency stands out from its noise";

    /** @param millis of each slice's answers, which scatter by 0.1 % from slice to slice */
    private static LoadPointResult level(int slices, int answersPerSlice, IntToDoubleFunction millis) {
        RecordedLevel level = new RecordedLevel().tokens(20);
        for (int i = 0; i < slices; i++) {
            long latency = Math.round(1000 * millis.applyAsDouble(i) * (1 + 0.001 * (i * 37 % 101 / 50.0 - 1)));
            level.answers(answersPerSlice, latency).gap(SLICE_MICROS - (long) answersPerSlice * latency);
        }
        return level.result(QUERY);
    }

    private static LoadPointResult level(IntToDoubleFunction millis) {
        return level(40, 5, millis);
    }

    private static String against(LoadPointResult level) {
        return level.reasonsAgainst().stream()
                .filter(reason -> reason.startsWith("not steady"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFallInTheFirstTenthAsksForALongerWarmUp() {
        assertThat(against(level(i -> i < 4 ? 9.1 : 6.1)))
                .isEqualTo("not steady: latency fell from 9.1 to 6.1 ms in the first tenth; lengthen nim.warmup");
    }

    @Test
    void aRiseInTheLastFifthNamesTheGpuAndNoWarmUp() {
        LoadPointResult level = level(i -> i >= 32 ? 6 : 5);
        assertThat(against(level))
                .isEqualTo("not steady: latency rose from 5.0 to 6.0 ms in the last fifth; the GPU became slower"
                        + " (clocks, temperature, other load)");
        assertThat(level.drift().fromMs().orElseThrow()).isBetween(4.99, 5.01);
        assertThat(level.drift().toMs().orElseThrow()).isBetween(5.99, 6.01);
        assertThat(level.drift().atSeconds()).hasValue(4);
    }

    @Test
    void aStepInTheMiddleSaysWhen() {
        assertThat(level(i -> i >= 19 ? 6 : 5.1).drift().detail())
                .isEqualTo("latency rose from 5.1 to 6.0 ms at 2.4 s");
    }

    @ParameterizedTest
    @CsvSource({"5, tenth", "6, fifth", "9, fifth", "10, third", "15, third"})
    void theBeginningIsATenthAFifthOrAThird(int slices, String part) {
        assertThat(level(i -> i < slices ? 7 : 5).drift().detail()).endsWith("in the first " + part);
        assertThat(level(i -> i >= 40 - slices ? 7 : 5).drift().detail()).endsWith("in the last " + part);
    }

    @Test
    void aRiseAtTheBeginningSettlesAndAFallAtTheEndHasAnotherCause() {
        assertThat(level(i -> i < 4 ? 5 : 6).drift().advice())
                .hasValue(
                        "the GPU became slower (clocks, temperature, other load); a longer nim.warmup lets it settle");
        assertThat(level(i -> i < 36 ? 6 : 5).drift().advice())
                .hasValue("something that had slowed the server ended (other load); repeat the level");
    }

    @Test
    void aSlowChangeIsOneOverTheWholeLevel() {
        LoadPointResult rise = level(i -> 5 + i / 39.0);
        assertThat(rise.drift().words())
                .isEqualTo("latency rose slowly from 5.0 to 6.0 ms over the whole level; the GPU became slower (clocks,"
                        + " temperature, other load)");
        assertThat(rise.drift().atSeconds()).isEmpty();
        assertThat(level(i -> 6 - i / 39.0).drift().words())
                .isEqualTo("latency fell slowly from 6.0 to 5.0 ms over the whole level; lengthen nim.warmup");
    }

    /** Neither alone stands out from a level that also has the other. */
    @Test
    void bothEndsAreSeenAndTheLargerChangeIsNamed() {
        assertThat(level(i -> i < 4 ? 9 : i >= 32 ? 7.2 : 6).drift().detail())
                .isEqualTo("latency fell from 9.0 to 6.0 ms in the first tenth");
        assertThat(level(i -> i < 4 ? 7.2 : i >= 32 ? 9 : 6).drift().detail())
                .isEqualTo("latency rose from 6.0 to 9.0 ms in the last fifth");
    }

    /** A step, and a single slice that goes back to its other side: two states. */
    @Test
    void aLevelThatGoesBackToItsOtherStateWanders() {
        assertThat(level(i -> i >= 20 ? 6 : 5).drift().verdict()).isEqualTo(Drift.DRIFTING);
        assertThat(level(i -> i >= 20 && i != 30 || i == 8 ? 6 : 5).drift())
                .isEqualTo(Drift.none(Drift.STEADY, STEADY));
    }

    /** One answer in five took ten times as long: the slice's median is where it was. */
    @Test
    void aSingleStallIsNoOtherState() {
        RecordedLevel level = new RecordedLevel().tokens(20);
        for (int i = 0; i < 40; i++) {
            long latency = (i < 4 ? 9000 : 6000) + i * 37 % 11;
            boolean stall = i == 20;
            level.answers(4, latency)
                    .answers(1, stall ? 8 * latency : latency)
                    .gap(SLICE_MICROS - (stall ? 12 : 5) * latency);
        }
        assertThat(level.result(QUERY).drift().detail())
                .isEqualTo("latency fell from 9.0 to 6.0 ms in the first tenth");
    }

    @Test
    void twentyPartsOfFiveAnswersAreTheFewest() {
        assertThat(level(20, 5, i -> i < 10 ? 5 : 6).drift().verdict()).isEqualTo(Drift.DRIFTING);
        assertThat(level(19, 5, i -> i < 10 ? 5 : 6).drift())
                .isEqualTo(Drift.none(Drift.UNKNOWN, "too few answers to tell whether latency still moved"));
        // 38 slices of four answers are nineteen parts of eight, forty are twenty.
        assertThat(level(39, 4, i -> i < 20 ? 5 : 6).drift().verdict()).isEqualTo(Drift.UNKNOWN);
        assertThat(level(40, 4, i -> i < 20 ? 5 : 6).drift().verdict()).isEqualTo(Drift.DRIFTING);
    }

    @ParameterizedTest
    @CsvSource({"0.019, steady, false", "0.021, drifting, false", "0.049, drifting, false", "0.051, drifting, true"})
    void from2PerCentOnADriftIsNamedAndFrom5OnItDisqualifies(double share, String verdict, boolean disqualified) {
        LoadPointResult level = level(i -> i < 20 ? 20 : 20 * (1 + share));
        assertThat(level.drift().verdict()).isEqualTo(verdict);
        assertThat(level.reasonsAgainst().stream().anyMatch(reason -> reason.startsWith("not steady: ")))
                .isEqualTo(disqualified);
    }

    @Test
    void aSmallChangeIsGivenWithTheDecimalsItNeeds() {
        assertThat(level(i -> i < 20 ? 5 : 5.2).drift().detail())
                .isEqualTo("latency rose from 5.00 to 5.20 ms at 2.5 s");
    }

    @Test
    void equalLatenciesAreSteady() {
        RecordedLevel level = new RecordedLevel().tokens(20).answers(1000, 5000);
        assertThat(level.result(QUERY).drift()).isEqualTo(Drift.none(Drift.STEADY, STEADY));
    }
}
