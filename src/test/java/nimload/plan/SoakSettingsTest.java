package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nimload.UserError;
import org.junit.jupiter.api.Test;

class SoakSettingsTest {
    private static SoakSettings of(String... namesAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put("nim.soak." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return SoakSettings.read(SettingValues.of(properties, Map.of()));
    }

    private static void refused(String message, String... namesAndValues) {
        assertThatThrownBy(() -> of(namesAndValues))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void withoutSettingsAnHourOfAllWorkloadsInTwentySlices() {
        SoakSettings settings = of();

        assertThat(settings.slices()).isEqualTo(20);
        assertThat(settings.slice()).isEqualTo(Duration.ofMinutes(3));
        assertThat(settings.rates())
                .containsOnly(
                        Map.entry(Workload.QUERY, 50.0),
                        Map.entry(Workload.PASSAGE, 1.0),
                        Map.entry(Workload.RERANKING, 5.0));
        assertThat(settings.poisson()).isFalse();
    }

    @Test
    void slicesAreFiveMinutesOrATwentiethLongAtMostAndFillTheSoak() {
        record Case(String duration, int slices, int millis) {}
        for (Case one : List.of(
                new Case("24h", 288, 300_000),
                new Case("8h", 96, 300_000),
                new Case("61m", 20, 183_000),
                new Case("3607s", 20, 180_350),
                new Case("60m", 20, 180_000),
                new Case("59m", 20, 177_000),
                new Case("100s", 20, 5000),
                new Case("61s", 20, 3050),
                new Case("60s", 20, 3000),
                new Case("40s", 20, 2000),
                new Case("13s", 13, 1000),
                new Case("12500ms", 10, 1250),
                new Case("12s", 12, 1000),
                new Case("7s", 7, 1000),
                new Case("2501ms", 1, 2501),
                new Case("2500ms", 2, 1250),
                new Case("1999ms", 1, 1999))) {
            SoakSettings settings = of("duration", one.duration());

            assertThat(new Case(one.duration(), settings.slices(), (int)
                            settings.slice().toMillis()))
                    .isEqualTo(one);
        }
        refused(
                "nim.soak.duration=100003ms: no number of slices fills it; give whole seconds, or nim.soak.slice too",
                "duration",
                "100003ms");
    }

    @Test
    void everySoakOfWholeSecondsIsCutSoThatAKillLosesATwentiethAtMost() {
        for (int seconds = 20; seconds <= 86_400; seconds += seconds < 4000 ? 1 : 97) {
            SoakSettings settings = of("duration", seconds + "s");

            assertThat(settings.slices()).isBetween(20, SoakSettings.MOST_SLICES);
            assertThat(settings.slice()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
            assertThat(settings.slice().multipliedBy(settings.slices())).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void oneRateLeavesOutTheOtherWorkloads() {
        assertThat(of("query", "500", "passage", "0").rates()).containsOnly(Map.entry(Workload.QUERY, 500.0));
        refused(
                "nim.soak.query, nim.soak.passage and nim.soak.reranking are 0 or absent: nothing would be sent; give one,"
                        + " e.g. -Dnim.soak.query=50",
                "query",
                "0");
    }

    @Test
    void mixTakesTheFirstShapeOfEachOfItsWorkloads() {
        List<LoadPoint> grid = List.of(
                new LoadPoint(Workload.RERANKING, 512, 512, 10, 1),
                new LoadPoint(Workload.QUERY, 20, 0, 1, 1),
                new LoadPoint(Workload.QUERY, 20, 0, 1, 3));

        assertThat(of("query", "2", "arrivals", "poisson", "inFlight", "7").mix(grid))
                .containsExactly(new LoadPoint(Workload.QUERY, 20, 0, 1, 7).at(Load.poisson(2)));
    }

    @Test
    void durationIsAWholeNumberOfSlicesAndNotTooManyForTheResults() {
        refused(
                "nim.soak.duration=90s with nim.soak.slice=60s: not a whole number of slices; give a duration that the slice"
                        + " divides, e.g. -Dnim.soak.duration=120s",
                "duration",
                "90s",
                "slice",
                "1m");
        refused(
                "nim.soak.duration=28800s with nim.soak.slice=1s: 28800 slices, and results.json has room for 3000; give"
                        + " slices of at least 10s",
                "duration",
                "8h",
                "slice",
                "1s");
        assertThat(of("duration", "3000s", "slice", "1s").slices()).isEqualTo(SoakSettings.MOST_SLICES);
    }

    @Test
    void badRatesAreRefusedWithWhatWouldBeRight() {
        refused(
                "nim.soak.query=5O: \"5O\" is not a number; give a rate per second from 0.1 to 20000, e.g."
                        + " -Dnim.soak.query=50, or 0",
                "query",
                "5O");
        for (String rate : List.of("0.09", "20001")) {
            refused(
                    "nim.soak.passage=" + rate + ": out of range; give a rate per second from 0.1 to 20000, e.g."
                            + " -Dnim.soak.passage=50, or 0",
                    "passage",
                    rate);
        }
        assertThat(of("query", "20000", "passage", "0.1", "reranking", "0.0").rates())
                .containsOnly(Map.entry(Workload.QUERY, 20_000.0), Map.entry(Workload.PASSAGE, 0.1));
    }

    @Test
    void continuedSoakTakesNoOtherSettingOfItsOwn() {
        refused(
                "nim.soak.slice=1s is given with nim.soak.continue: a soak goes on as it began; leave it out",
                "continue",
                "nim-results/latest",
                "slice",
                "1s");
    }

    @Test
    void continuedSoakIsPlannedAsItBegan() {
        LoadPoint point = new LoadPoint(Workload.PASSAGE, 300, 0, 64, 9).at(Load.poisson(0.5));

        SoakSettings again = of("continue", "x").as(List.of(point), 4, Duration.ofSeconds(2));

        assertThat(again.mix(List.of(point.closed()))).containsExactly(point);
        assertThat(again.slices()).isEqualTo(4);
        assertThat(again.slice()).isEqualTo(Duration.ofSeconds(2));
    }
}
