package nimload.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.results.Percentile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredCapacityTest {
    private static final Shape QUERY = new Shape(Workload.QUERY, 20, 0, 1);
    private static final Demand P95_20_MS = new Demand(1000, Percentile.P95, 20, 0);

    private static Optional<MeasuredCapacity> of(MeasuredRun run) {
        return MeasuredCapacity.of(run.results(), QUERY, P95_20_MS);
    }

    @Test
    void aSearchWithTheLimitComesBeforeLevels() {
        MeasuredRun run = new MeasuredRun()
                .users(3, 900, 5, 6)
                .search("rate", "p95 <= 50 ms", 300, 310)
                .search("rate", "p95 <= 20 ms", 96, 98.4);
        assertThat(of(run)).contains(new MeasuredCapacity(96, OptionalDouble.of(98.4), MeasuredCapacity.SEARCH));
        assertThat(MeasuredCapacity.shapes(run.results())).containsExactly(QUERY);
    }

    /** The other limit may have broken first: then this one holds at higher rates than the search went to. */
    @ParameterizedTest
    @CsvSource({
        "p95 <= 20 ms, p99 <= 50 ms, false",
        "p99 <= 50 ms, p95 <= 20 ms, false",
        "p95 <= 20 ms, errors <= 1 %, true",
    })
    void aSearchWithAnotherLimitOfTimeBoundsNothingFromAbove(String first, String second, boolean bounded) {
        assertThat(of(new MeasuredRun().search("rate", List.of(first, second), 96, 98.4)))
                .contains(new MeasuredCapacity(
                        96,
                        bounded ? OptionalDouble.of(98.4) : OptionalDouble.empty(),
                        "a search with " + first + " and " + second));
    }

    @Test
    void aSearchOverUsersOrWithAnotherLimitLeavesTheAnswerToLevels() {
        assertThat(of(new MeasuredRun()
                        .search("concurrency", "p95 <= 20 ms", 5, 6)
                        .users(3, 100, 5, 6)))
                .contains(new MeasuredCapacity(99, OptionalDouble.empty(), MeasuredCapacity.CLOSED_LEVELS));
        assertThat(of(new MeasuredRun().search("rate", "p95 <= 2 ms", 5, 6))).isEmpty();
    }

    @Test
    void aSearchThatFoundNoRateIsNoCapacityWhateverItsLevelsShow() {
        assertThat(of(new MeasuredRun().search("rate", "p95 <= 20 ms", 0, 1).users(3, 100, 5, 6)))
                .isEmpty();
    }

    @Test
    void levelsThatKeepTheLimitAreAtLeastAndThoseThatBreakItAtMost() {
        assertThat(of(new MeasuredRun()
                        .users(1, 100, 5, 6)
                        .users(3, 200, 10, 12)
                        .users(5, 300, 19, 21)
                        .users(7, 400, 21, 22)
                        .users(9, 500, 30, 31)))
                .contains(new MeasuredCapacity(198, OptionalDouble.of(404), MeasuredCapacity.CLOSED_LEVELS));
    }

    @ParameterizedTest
    @CsvSource({
        "19, 20, true", // the interval ends exactly at the limit
        "19, 20.001, false",
        "20, 20, true",
    })
    void aLevelKeepsTheLimitIfItsIntervalEndsWithinIt(double low, double high, boolean keeps) {
        assertThat(of(new MeasuredRun().users(1, 100, low, high)).isPresent()).isEqualTo(keeps);
    }

    @Test
    void aLevelBreaksTheLimitOnlyIfItsIntervalBeginsAboveIt() {
        MeasuredRun at = new MeasuredRun().users(1, 100, 5, 6).users(3, 300, 20, 25);
        assertThat(of(at).orElseThrow().atMost()).isEmpty();
        MeasuredRun above = new MeasuredRun().users(1, 100, 5, 6).users(3, 300, 20.001, 25);
        assertThat(of(above).orElseThrow().atMost()).hasValue(303);
    }

    @Test
    void moreUsersOfASaturatedTargetBoundNothingFromAbove() {
        assertThat(of(new MeasuredRun().users(5, 300, 15, 16).users(9, 290, 30, 31)))
                .contains(new MeasuredCapacity(297, OptionalDouble.empty(), MeasuredCapacity.CLOSED_LEVELS));
    }

    @Test
    void levelsAtARateCountByResponseTimeAndComeBeforeUsers() {
        assertThat(of(new MeasuredRun().users(9, 900, 5, 6).arrivals(100, 5, 6).arrivals(200, 25, 26)))
                .contains(new MeasuredCapacity(99, OptionalDouble.of(202), MeasuredCapacity.OPEN_LEVELS));
    }

    @Test
    void aLevelThatIsNotValidAndAPercentileWithoutAnIntervalDoNotCount() {
        assertThat(of(new MeasuredRun().users(3, 100, 5, 6).notValid())).isEmpty();
        assertThat(MeasuredCapacity.of(
                        new MeasuredRun().users(3, 100, 5, 6).results(),
                        QUERY,
                        new Demand(1000, Percentile.P99, 20, 0)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 100, 100, 0, 1, 10", // divides exactly
        "1001, 100, 100, 0, 1, 11",
        "1000, 96, 98.4, 0, 1, 11",
        "1000, 80, 100, 0, 1, 10 to 13",
        "17.01, 0.9, 0.9, 0.1, 1, 21", // in doubles 21.000000000000004
        "9, 0.85, 0.9, 0, 1, 10 to 11",
        "0.85, 0.85, 0.9, 0, 1, 1",
        "0.9, 0.85, 0.9, 0, 1, 1 to 2",
        "1000, 100, 100, 0.2, 1, 13",
        "800, 100, 100, 0.2, 1, 10",
        "1000, 400, 410, 0, 4, 10",
        "0.001, 100, 110, 0, 1, 1",
    })
    void gpusAreTheRateOverEachEndRoundedUp(
            double rate, double atLeast, double atMost, double headroom, int gpus, String count) {
        MeasuredCapacity measured = new MeasuredCapacity(atLeast, OptionalDouble.of(atMost), MeasuredCapacity.SEARCH);
        assertThat(measured.gpus(new Demand(rate, Percentile.P95, 20, headroom), gpus)
                        .text())
                .isEqualTo(count);
    }

    @Test
    void withoutAnUpperEndFewerGpusMayDo() {
        MeasuredCapacity measured = new MeasuredCapacity(100, OptionalDouble.empty(), MeasuredCapacity.SEARCH);
        assertThat(measured.gpus(P95_20_MS, 1).text()).isEqualTo("10 or fewer");
        assertThat(measured.gpus(new Demand(100, Percentile.P95, 20, 0), 1).text())
                .isEqualTo("1");
    }
}
