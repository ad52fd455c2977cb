package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nimload.nim.Json;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;

/** Two recorded runs still compare as they did at commit d43cc60, except for the words of the notes. */
class RecordedComparisonTest {
    private static final Path RECORDED = Path.of("src/test/resources/nimload/recorded");

    private static final List<RunResults> RUNS = List.of(
            ResultsFile.read(RECORDED.resolve("before.json")), ResultsFile.read(RECORDED.resolve("after.json")));

    private static final Comparison COMPARISON = Comparison.of(RUNS);

    private static JsonNode withoutNotes(String json) throws IOException {
        return ((ObjectNode) Json.MAPPER.readTree(json)).without("notes");
    }

    @Test
    void theSameJson() throws IOException {
        String recorded = Files.readString(RECORDED.resolve("comparison.json"));
        assertThat(withoutNotes(ResultsFile.json(COMPARISON))).isEqualTo(withoutNotes(recorded));
        assertThat(Json.MAPPER.readTree(recorded).get("notes")).hasSameSizeAs(COMPARISON.notes());
    }

    @Test
    void theSameRowsAndCurvesOnThePage() throws IOException {
        assertThat(rowsAndCurves(ComparisonPage.html(COMPARISON, RUNS)))
                .isEqualTo(rowsAndCurves(Files.readString(RECORDED.resolve("compare.html"))))
                .hasSizeGreaterThan(10);
    }

    private static List<String> rowsAndCurves(String page) {
        return page.lines()
                .filter(line -> line.startsWith("<tr") || line.contains("id=\"data\""))
                .toList();
    }

    @Test
    void theSameConsoleTables() throws IOException {
        String notes = String.join("\n", COMPARISON.notes());
        String recorded = Files.readString(RECORDED.resolve("comparison.txt"));
        String tables = recorded.substring(0, recorded.lastIndexOf("\n\n") + 2);
        assertThat(ComparisonTable.of(COMPARISON)).isEqualTo(tables + notes + "\n");
    }
}
