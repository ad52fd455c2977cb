package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A watcher that naps 5 ms. */
class StallClockTest {
    private long now = Long.MAX_VALUE - 7_000_000;
    private final StallClock clock = new StallClock(() -> now);

    private void wakeAfter(long nanos) {
        now += nanos;
        clock.woke();
    }

    @ParameterizedTest(name = "woken after {0} ns")
    @CsvSource({
        "5000000, 0, 0",
        "14900000, 0, 0",
        "14999999, 0, 0",
        "15000000, 10000000, 1",
        "2005000000, 2000000000, 1"
    })
    void whatANapOversleptBy10MillisecondsOrMoreIsAStall(long nanos, long stalled, long stalls) {
        wakeAfter(nanos);
        assertThat(clock.stalledNanos()).isEqualTo(stalled);
        assertThat(clock.stalls()).isEqualTo(stalls);
    }

    @Test
    void stallsAddUpAndNapsBetweenThemDoNot() {
        wakeAfter(25_000_000);
        for (int i = 0; i < 100; i++) {
            wakeAfter(14_000_000);
        }
        wakeAfter(35_000_000);
        assertThat(clock.stalledNanos()).isEqualTo(50_000_000);
        assertThat(clock.stalls()).isEqualTo(2);
    }

    @Test
    void theStallThatTheWatcherHasYetToWakeFromCountsOnce() {
        now += 14_999_999;
        assertThat(clock.stalledNanos()).isZero();
        now += 1;
        assertThat(clock.stalledNanos()).isEqualTo(10_000_000);
        assertThat(clock.stalls()).as("not woken yet").isZero();
        now += 5_000_000;
        assertThat(clock.stalledNanos()).isEqualTo(15_000_000);
        clock.woke();
        assertThat(clock.stalledNanos()).isEqualTo(15_000_000);
        assertThat(clock.stalls()).isEqualTo(1);
    }
}
