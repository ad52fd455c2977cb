package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private Duration now = Duration.ofHours(-7);

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void theRestIsAsPlannedUntilALevelEndedAndThenAsTheLevelsWere() {
        Pace pace = new Pace(23, Duration.ofSeconds(39), () -> now.toNanos());
        assertThat(pace.opens(1)).isEqualTo("[1/23, about 15 min left]");
        pass(119);
        pace.closed();
        pass(600);
        assertThat(pace.opens(2)).as("without what was waited between levels").isEqualTo("[2/23, about 44 min left]");
        pass(39);
        pace.closed();
        assertThat(pace.opens(23)).as("the mean of both").isEqualTo("[23/23, about 1 min left]");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10 s",
        "14999, 10 s",
        "15000, 20 s",
        "54999, 50 s",
        "55000, 1 min",
        "89999, 1 min",
        "90000, 2 min",
        "3569999, 59 min",
        "3570000, 1 h",
        "4800000, 1 h 20 min",
        "90000000, 25 h"
    })
    void timesAreRounded(long millis, String text) {
        assertThat(Pace.text(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
