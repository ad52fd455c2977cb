package nimload.page;

import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nimload.measure.RecordedLevel;
import nimload.results.Cell;
import nimload.results.LevelResults;
import nimload.results.Made;
import org.junit.jupiter.api.Test;

class ServerTableTest {
    /** What the table shows for a level of 100 requests. */
    private static Cell counted(long requests) {
        LevelResults level =
                RecordedLevel.clean(QUERY).besideServer(QUERY, requests).results();
        List<Cell> cells = ServerTable.of(Made.run(List.of(level)))
                .orElseThrow()
                .rows()
                .get(0)
                .cells();
        return cells.get(cells.size() - 2);
    }

    @Test
    void aDifferenceIsColouredWhereItSpeaksAgainstTheLevel() {
        assertThat(counted(220))
                .isEqualTo(new Cell(
                        "+120",
                        "220 − 100",
                        "someone else used the NIM: server counted 220 requests, this client sent 100",
                        "120",
                        "n warn"));
    }

    @Test
    void anyOtherDifferenceRefersToTheNotes() {
        assertThat(counted(100)).isEqualTo(new Cell("0", "100 − 100", "", "0", "n"));
        assertThat(List.of(counted(101), counted(200), counted(20)))
                .as("of the level before, divided by the server, of which another server answered the rest")
                .allSatisfy(cell -> {
                    assertThat(cell.hint()).isEqualTo("see the notes below the table");
                    assertThat(cell.kind()).isEqualTo("n");
                });
    }
}
