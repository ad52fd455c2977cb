package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.plan.Load;
import nimload.results.Cell;
import nimload.results.Column;
import nimload.results.Generator;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.Table;
import org.junit.jupiter.api.Test;

class GeneratorTableTest {
    private static LevelResults partOf(LevelResults level) {
        return level.asPartOf(level.point(), Generator.of(1, "host", List.of(), Optional.empty(), level));
    }

    private static Map<String, String> row(LevelResults level) {
        Table table = GeneratorTable.of(Made.run(List.of(partOf(level)))).orElseThrow();
        List<Cell> cells = table.rows().get(0).cells();
        Map<String, String> row = new LinkedHashMap<>();
        for (int number = 0; number < cells.size(); number++) {
            Column<?> column = table.columns().get(number);
            row.put(
                    (column.title() + " " + column.unit()).strip(),
                    cells.get(number).text());
        }
        return row;
    }

    @Test
    void ofALevelAtARateAGeneratorsTimesAreResponseTimesAndItsUsersAreALimit() {
        Made.Level level = new Made.Level(MadeSearch.POINT.atConcurrency(64).at(Load.poisson(50)))
                .with(Percentile.P50, 3)
                .with(Percentile.P99, 9)
                .arrivals(
                        Map.of(Percentile.P50, Made.Level.estimate(30, 1), Percentile.P99, Made.Level.estimate(900, 1)),
                        3);
        assertThat(row(level.results()))
                .containsEntry("At most in flight", "64")
                .containsEntry("Response P50 ms", "30.00")
                .containsEntry("Response P99 ms", "900.0")
                .doesNotContainKeys("Users", "P50 ms");
    }

    @Test
    void withoutALimitOfThoseInFlightThereIsNoNumber() {
        Made.Level level = new Made.Level(MadeSearch.POINT.atConcurrency(0).at(Load.poisson(50)));
        assertThat(row(level.results())).containsEntry("At most in flight", "no limit");
    }

    @Test
    void ofUsersWhoWaitTheyAreLatencies() {
        assertThat(row(Made.query(3).with(Percentile.P50, 3).results()))
                .containsEntry("Users", "3")
                .containsEntry("P50 ms", "3.000")
                .doesNotContainKeys("At most in flight", "Response P50 ms");
    }
}
