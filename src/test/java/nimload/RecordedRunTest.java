package nimload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nimload.compare.Comparison;
import nimload.compare.ComparisonFiles;
import nimload.compare.ComparisonTable;
import nimload.nim.Json;
import nimload.page.PageNumbers;
import nimload.page.ReportPage;
import nimload.results.ConsoleTable;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import nimload.slo.SloEvaluation;
import nimload.slo.SloFile;
import nimload.slo.SloText;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same samples give the same numbers as were recorded, everywhere a user reads them. */
class RecordedRunTest {
    @TempDir
    private static Path directory;

    private static RunResults before;
    private static RunResults after;

    @BeforeAll
    static void holdTheSamplesAgainstTheirLimits() throws IOException {
        Path limits = Files.writeString(directory.resolve("golden-slo.yaml"), recorded("golden-slo.yaml"));
        before = SloEvaluation.evaluate(RecordedRun.of("20261120-100000", 1), SloFile.read(Optional.of(limits)));
        after = SloEvaluation.evaluate(RecordedRun.of("20261121-100000", 1.07), SloFile.read(Optional.of(limits)));
    }

    private static String recorded(String name) throws IOException {
        return Files.readString(Path.of("src", "test", "fixtures", "recorded", name));
    }

    /** The limits lie in a directory of this test's own. */
    private static String inPlace(String text) {
        return text.replace(directory + "/", "");
    }

    /** Without the notes on the server's metrics, which are words. */
    private static JsonNode json(String text) throws IOException {
        JsonNode json = Json.MAPPER.readTree(inPlace(text));
        json.findValues("server").forEach(server -> ((ObjectNode) server).remove("notes"));
        return json;
    }

    @Test
    void theResultsFile() throws IOException {
        assertThat(json(ResultsFile.json(before))).isEqualTo(json(recorded("before.json")));
        assertThat(json(ResultsFile.json(after))).isEqualTo(json(recorded("after.json")));
    }

    @Test
    void theResultsFileReadAndWrittenAgain() throws IOException {
        String text = recorded("before.json");
        assertThat(json(ResultsFile.json(ResultsFile.parse(text)))).isEqualTo(json(text));
    }

    @Test
    void theCsv() throws IOException {
        assertThat(ResultsCsv.of(before.levels())).isEqualTo(recorded("before.csv"));
    }

    @Test
    void theConsoleTableAndTheLimits() throws IOException {
        assertThat(ConsoleTable.of(before.levels())).isEqualTo(recorded("before.txt"));
        assertThat(SloText.summary(before).stream().map(RecordedRunTest::inPlace))
                .containsExactlyElementsOf(recorded("before-slo.txt").lines().toList());
    }

    @Test
    void thePage() throws IOException {
        assertThat(PageNumbers.of(ReportPage.html(before)))
                .containsExactlyElementsOf(
                        recorded("report-numbers.txt").lines().toList());
    }

    /** Its numbers: the notes are words. */
    @Test
    void theComparison() throws IOException {
        Comparison comparison = Comparison.of(List.of(before, after));
        String table = recorded("comparison.txt");
        assertThat(ComparisonTable.of(comparison)).startsWith(table.substring(0, table.lastIndexOf("\n\n") + 2));
        ComparisonFiles.write(comparison, List.of(before, after), List.of(directory, directory), directory);
        JsonNode data = json(Files.readString(directory.resolve(ComparisonFiles.DATA)));
        JsonNode expected = json(recorded("comparison.json"));
        for (String part : List.of("baseline", "runs", "differences")) {
            assertThat(data.path(part)).as(part).isEqualTo(expected.path(part));
        }
        assertThat(PageNumbers.of(Files.readString(directory.resolve(ComparisonFiles.PAGE))))
                .containsExactlyElementsOf(
                        recorded("compare-numbers.txt").lines().toList());
    }
}
