package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import nimload.run.LevelPlan.Times;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final Instant START = Instant.parse("2026-11-26T17:00:00Z");

    private static final Timetable TABLE = Timetable.of(
            START,
            new Times(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    0,
                    OptionalDouble.empty(),
                    Duration.ofMillis(3750),
                    Duration.ofSeconds(60)));

    @Test
    void theFirstLevelBeginsAtTheStartAndItsWindowOpensAfterTheWarmUp() {
        assertThat(TABLE.begins(0)).isEqualTo(START);
        assertThat(TABLE.opens(0)).isEqualTo(START.plusSeconds(2 + 5));
    }

    @Test
    void aLevelBeginsWhenAllSlotsBeforeItHavePassed() {
        // 2 s alone, 5 s of warm-up, 30 s of window, 3.75 s of comparison, 3 s for what comes between.
        assertThat(TABLE.slot()).isEqualTo(Duration.ofMillis(43_750));
        assertThat(TABLE.begins(22)).isEqualTo(START.plusMillis(22 * 43_750));
        assertThat(TABLE.opens(22)).isEqualTo(START.plusMillis(22 * 43_750 + 7000));
    }

    @Test
    void aLevelIsMissedOnceTheOthersWindowIsOver() {
        assertThat(TABLE.missed(1, TABLE.opens(1))).isFalse();
        assertThat(TABLE.missed(1, TABLE.opens(1).plusSeconds(30).minusNanos(1)))
                .isFalse();
        assertThat(TABLE.missed(1, TABLE.opens(1).plusSeconds(30))).isTrue();
    }
}
