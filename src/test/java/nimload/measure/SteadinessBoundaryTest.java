package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import nimload.results.Drift;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Levels whose mean latency is known in each of their slices of 125 ms. */
class SteadinessBoundaryTest {
    private static final long SLICE_MICROS = 125_000;

    /** @param micros latency of each slice's answers, slice by slice */
    private static LoadPointResult level(int answersPerSlice, int... micros) {
        RecordedLevel level = new RecordedLevel().tokens(20);
        for (int latency : micros) {
            level.answers(answersPerSlice, latency).gap(SLICE_MICROS - (long) answersPerSlice * latency);
        }
        return level.result(QUERY);
    }

    /** A rise by a share of the median from the first slice of eight to the last. */
    private static int[] rise(double share) {
        return IntStream.range(0, 8)
                .map(i -> (int) Math.round(20_000 * (1 + share * (i - 3.5) / 7)))
                .toArray();
    }

    /** Mann and Kendall's p is 0.0187 with four pairs of eight out of order, 0.0094 with three. */
    @Test
    void aRiseThatChanceMakesOnceInAHundredLevelsIsATrend() {
        assertThat(level(5, 20_300, 20_200, 20_100, 20_400, 20_600, 20_500, 20_700, 20_800)
                        .drift()
                        .verdict())
                .isEqualTo(Drift.STEADY);
        assertThat(level(5, 20_200, 20_100, 20_400, 20_300, 20_600, 20_500, 20_700, 20_800)
                        .drift()
                        .verdict())
                .isEqualTo(Drift.DRIFTING);
    }

    @Test
    void eightPartsOfFiveAnswersAreTheFewest() {
        assertThat(level(5, rise(0.1)).drift().verdict()).isEqualTo(Drift.DRIFTING);
        assertThat(level(5, IntStream.of(rise(0.1)).limit(7).toArray()).drift())
                .isEqualTo(new Drift(Drift.UNKNOWN, "too few answers to tell whether latency still moved"));
        // Eight slices of four answers are four parts of eight.
        assertThat(level(4, rise(0.1)).drift().verdict()).isEqualTo(Drift.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"0.019, steady, false", "0.021, drifting, false", "0.049, drifting, false", "0.051, drifting, true"})
    void from2PerCentOnADriftIsNamedAndFrom5OnItDisqualifies(double share, String verdict, boolean disqualified) {
        LoadPointResult level = level(5, rise(share));
        assertThat(level.drift().verdict()).isEqualTo(verdict);
        assertThat(level.reasonsAgainst().stream().anyMatch(reason -> reason.startsWith("not steady: ")))
                .isEqualTo(disqualified);
    }
}
