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
    void withoutSettingsAnHourOfAllWorkloadsInTwelveSlices() {
        SoakSettings settings = of();

        assertThat(settings.slices()).isEqualTo(12);
        assertThat(settings.slice()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.rates())
                .containsOnly(
                        Map.entry(Workload.QUERY, 50.0),
                        Map.entry(Workload.PASSAGE, 1.0),
                        Map.entry(Workload.RERANKING, 5.0));
        assertThat(settings.poisson()).isFalse();
    }

    @Test
    void aNightHasSlicesOfFiveMinutesAndAMinuteThoseOfFiveSeconds() {
        assertThat(of("duration", "8h").slices()).isEqualTo(96);
        assertThat(of("duration", "60s").slice()).isEqualTo(Duration.ofSeconds(5));
        assertThat(of("duration", "7s").slice()).isEqualTo(Duration.ofSeconds(1));
        assertThat(of("duration", "2500ms").slice()).isEqualTo(Duration.ofMillis(2500));
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
                "nim.soak.query=5O: \"5O\" is not a number; give requests per second of 0 to 20000, e.g."
                        + " -Dnim.soak.query=50",
                "query",
                "5O");
        refused(
                "nim.soak.query=20001: out of range; give requests per second of 0 to 20000, e.g. -Dnim.soak.query=50",
                "query",
                "20001");
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
