package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nimload.nim.EncodingFormat;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Workload;
import nimload.plan.WorkloadGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationPlanTest {
    private static List<LoadPoint> publishedGrid() {
        Map<Workload, WorkloadGrid> grid = PublishedGrid.load();
        return Stream.of(Workload.values())
                .flatMap(workload -> grid.get(workload).loadPoints().stream())
                .toList();
    }

    private static LoadPoint query(int concurrency) {
        return new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency);
    }

    @Test
    void thePublishedGridsSixShapesAreMeasuredAtTheirHighestAndLowestConcurrency() {
        List<LoadPoint> ends = CalibrationPlan.ends(publishedGrid());
        assertThat(ends).hasSize(12).doesNotHaveDuplicates();
        assertThat(ends.subList(0, 2)).containsExactly(query(15), query(1));
        assertThat(ends)
                .filteredOn(point -> point.workload() != Workload.QUERY)
                .extracting(LoadPoint::concurrency)
                .containsExactly(5, 1, 5, 1, 5, 1, 5, 1, 5, 1);
    }

    @Test
    void thePublishedGridIsMeasuredForLessThanTenSeconds() {
        Duration total = CalibrationPlan.ends(publishedGrid()).stream()
                .map(point -> CalibrationPlan.duration(point, CalibrationPlan.delay(point, EncodingFormat.FLOAT)))
                .reduce(Duration.ZERO, Duration::plus);
        assertThat(total).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aShapeWithOneConcurrencyIsMeasuredOnce() {
        assertThat(CalibrationPlan.ends(List.of(query(3)))).containsExactly(query(3));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "7, 1", "8, 15", "9, 15", "15, 15", "99, 15"})
    void aLevelTakesTheNearestConcurrencyAndOfTwoTheHigher(int concurrency, int nearest) {
        assertThat(CalibrationPlan.nearest(query(concurrency), List.of(query(1), query(15))))
                .contains(query(nearest));
    }

    @Test
    void aLevelTakesNoOtherShape() {
        assertThat(CalibrationPlan.nearest(
                        query(1),
                        List.of(
                                new LoadPoint(Workload.QUERY, 20, 0, 2, 1),
                                new LoadPoint(Workload.QUERY, 21, 0, 1, 1),
                                new LoadPoint(Workload.PASSAGE, 20, 0, 1, 1))))
                .isEmpty();
    }

    @Test
    void manyUsersOfLargeAnswersWaitLongerSoThatTheCoresAreNotSaturated() {
        LoadPoint large = new LoadPoint(Workload.PASSAGE, 512, 0, 64, 5);
        assertThat(CalibrationPlan.delay(query(1), EncodingFormat.FLOAT)).isEqualTo(Duration.ofMillis(2));
        assertThat(CalibrationPlan.delay(query(4096), EncodingFormat.FLOAT)).isGreaterThan(Duration.ofMillis(300));
        assertThat(CalibrationPlan.delay(large, EncodingFormat.FLOAT))
                .isBetween(Duration.ofMillis(20), Duration.ofMillis(50))
                .isGreaterThan(CalibrationPlan.delay(large, EncodingFormat.BASE64));
    }

    @Test
    void noLevelIsMeasuredForMoreThanOneAndAHalfSeconds() {
        assertThat(CalibrationPlan.duration(query(1), Duration.ofSeconds(5))).isEqualTo(Duration.ofMillis(1500));
        assertThat(CalibrationPlan.duration(query(4096), Duration.ofMillis(2))).isEqualTo(Duration.ofMillis(500));
    }
}
