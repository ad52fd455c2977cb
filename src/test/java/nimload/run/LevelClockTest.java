package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import nimload.run.LevelPlan.Times;
import nimload.run.RequestInFlight.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Warm-up 2 s, window 10 to 40 s. Times are ms after the first user asked. */
class LevelClockTest {
    /** The zero of the clock means nothing, and it may overflow within a level. */
    private static final long START = Long.MAX_VALUE - 5_000_000_000L;

    private static final Times TIMES = new Times(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(40),
            100,
            OptionalDouble.empty(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60));

    private static final class Requests implements LevelClock.Progress {
        final List<String> calls = new ArrayList<>();
        boolean enough = true;
        boolean cooledDown;
        boolean hopeless;

        @Override
        public boolean measuredEnough(long nowNanos) {
            return enough;
        }

        @Override
        public boolean cooledDown(long nowNanos) {
            return cooledDown;
        }

        @Override
        public boolean hopeless(long nowNanos) {
            return hopeless;
        }

        @Override
        public void windowOpens(long nowNanos) {
            calls.add("opens " + (nowNanos - START) / 1_000_000);
        }

        @Override
        public void windowCloses(long nowNanos) {
            calls.add("closes " + (nowNanos - START) / 1_000_000);
        }
    }

    private final Requests requests = new Requests();
    private final List<Duration> patience = new ArrayList<>();
    private boolean compiling;
    private final LevelClock clock = new LevelClock(TIMES, requests, longest -> {
        patience.add(longest);
        return () -> compiling;
    });

    private Stage at(long millis) {
        return clock.stage(START + millis * 1_000_000);
    }

    @Test
    void theWindowRunsFromTheFirstUserToAskAfterTheWarmUpToTheFirstToAskAfterItsEnd() {
        assertThat(at(0)).isEqualTo(Stage.WARM_UP);
        assertThat(at(1999)).isEqualTo(Stage.WARM_UP);
        assertThat(at(2300)).isEqualTo(Stage.MEASUREMENT);
        assertThat(at(12_299)).isEqualTo(Stage.MEASUREMENT);
        assertThat(requests.calls).containsExactly("opens 2300");
        assertThat(at(12_345)).isEqualTo(Stage.COOL_DOWN);
        assertThat(at(12_400)).isEqualTo(Stage.COOL_DOWN);
        requests.cooledDown = true;
        assertThat(at(12_500)).isEqualTo(Stage.OVER);
        assertThat(at(12_600)).isEqualTo(Stage.OVER);
        assertThat(requests.calls).containsExactly("opens 2300", "closes 12345");
    }

    @Test
    void stagesBeginExactlyAtTheirTimes() {
        at(0);
        assertThat(at(2000)).isEqualTo(Stage.MEASUREMENT);
        assertThat(at(12_000)).isEqualTo(Stage.COOL_DOWN);
    }

    @Test
    void theWarmUpGoesOnWhileTheJvmCompilesFor2SecondsMoreAtMost() {
        compiling = true;
        at(0);
        assertThat(patience).containsExactly(Duration.ofSeconds(4));
        assertThat(at(3500)).isEqualTo(Stage.WARM_UP);
        compiling = false;
        assertThat(at(3600)).isEqualTo(Stage.MEASUREMENT);
        compiling = true;
        assertThat(at(3700)).isEqualTo(Stage.MEASUREMENT);
    }

    @Test
    void theWindowWaitsForWhatItIsToMeasure() {
        requests.enough = false;
        at(0);
        at(2000);
        assertThat(at(30_000)).isEqualTo(Stage.MEASUREMENT);
        requests.enough = true;
        assertThat(at(30_001)).isEqualTo(Stage.COOL_DOWN);
        assertThat(requests.calls).containsExactly("opens 2000", "closes 30001");
    }

    @Test
    void theWindowWaitsForItsLongestTimeAtMost() {
        requests.enough = false;
        at(0);
        at(2000);
        assertThat(at(41_999)).isEqualTo(Stage.MEASUREMENT);
        assertThat(at(42_000)).isEqualTo(Stage.COOL_DOWN);
    }

    @Test
    void whereNothingIsLeftToCoolDownTheLevelIsOverAtOnce() {
        requests.cooledDown = true;
        at(0);
        at(2000);
        assertThat(at(12_000)).isEqualTo(Stage.OVER);
        assertThat(requests.calls).containsExactly("opens 2000", "closes 12000");
    }

    @ParameterizedTest(name = "at {0} ms")
    @ValueSource(longs = {0, 1000})
    void aHopelessWarmUpIsTheEndWithoutAWindow(long millis) {
        if (millis > 0) {
            at(0);
        }
        requests.hopeless = true;
        assertThat(at(millis)).isEqualTo(Stage.OVER);
        requests.hopeless = false;
        assertThat(at(3000)).isEqualTo(Stage.OVER);
        assertThat(requests.calls).isEmpty();
    }

    @Test
    void aHopelessWindowCloses() {
        at(0);
        at(2000);
        requests.hopeless = true;
        assertThat(at(5000)).isEqualTo(Stage.OVER);
        assertThat(at(12_000)).isEqualTo(Stage.OVER);
        assertThat(requests.calls).containsExactly("opens 2000", "closes 5000");
    }

    @Test
    void aHopelessCoolDownIsTheEndAndDoesNotCloseTheWindowAgain() {
        at(0);
        at(2000);
        at(12_000);
        requests.hopeless = true;
        assertThat(at(12_001)).isEqualTo(Stage.OVER);
        assertThat(requests.calls).containsExactly("opens 2000", "closes 12000");
    }
}
