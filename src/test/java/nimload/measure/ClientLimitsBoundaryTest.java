package nimload.measure;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One user that sends every millisecond, so that its latency in µs is the share in flight. */
class ClientLimitsBoundaryTest {
    private static List<String> limits(long latencyMicros, long gapMicros) {
        LevelRecorder recorder = RecordedLevel.opened(Duration.ofSeconds(1), 0);
        for (int i = 0; i < 1000; i++) {
            RecordedLevel.success(
                    recorder, i * 1_000_000L, i * 1_000_000L + 1000 * latencyMicros, OptionalLong.empty());
            recorder.gap(1000 * gapMicros);
        }
        return new LoadPointResult(
                        QUERY,
                        RecordedLevel.closed(recorder, 1_000_000_000),
                        new TokenCheck(20, 0, true),
                        new ClientLoad(OptionalDouble.of(0.25), OptionalDouble.of(0.25)),
                        Observations.NONE,
                        RecordedLevel.ENDED)
                .clientLimits();
    }

    @Test
    void ninetyPerCentInFlightIsTheLeast() {
        assertThat(limits(901, 99)).isEmpty();
        assertThat(limits(899, 101))
                .containsExactly("client-limited: 0.90 of 1 in flight; 0.10 ms between answer and next send");
        assertThat(limits(860, 140))
                .containsExactly("client-limited: 0.86 of 1 in flight; 0.14 ms between answer and next send");
    }

    /** 20 % are missing in flight; the gap is 10.1 % of a user's time, or 9.9 %. */
    @ParameterizedTest
    @CsvSource({
        "90, client-limited: 0.80 of 1 in flight; 0.09 ms between answer and next send",
        "88, too short: 0.80 of 1 in flight; lengthen nim.duration"
    })
    void theClientIsBlamedWhereItsGapAccountsForHalfOfWhatIsMissing(long gapMicros, String reason) {
        assertThat(limits(800, gapMicros)).containsExactly(reason);
    }
}
