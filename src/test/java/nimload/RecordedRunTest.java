package nimload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import nimload.nim.Json;
import nimload.results.ConsoleTable;
import nimload.results.ResultsCsv;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;

/** The same samples give the same numbers as version d43cc60 gave, everywhere where a user reads them. */
class RecordedRunTest {
    private static final RunResults BEFORE = RecordedRun.of("20261120-100000", 1);

    private static String recorded(String name) throws IOException {
        try (var file = RecordedRunTest.class.getResourceAsStream("recorded/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theResultsFile() throws IOException {
        ObjectNode json = (ObjectNode) Json.MAPPER.readTree(recorded("before.json"));
        // Its outcome depends on the limits, not on the samples alone.
        json.remove("slo");
        json.path("levels").forEach(level -> ((ObjectNode) level).putArray("slo"));
        assertThat(Json.MAPPER.readTree(ResultsFile.json(BEFORE))).isEqualTo(json);
    }

    @Test
    void theCsv() throws IOException {
        assertThat(ResultsCsv.of(BEFORE.levels())).isEqualTo(recorded("before.csv"));
    }

    @Test
    void theConsoleTable() throws IOException {
        assertThat(ConsoleTable.of(BEFORE.levels())).isEqualTo(recorded("before.txt"));
    }

    @Test
    void theResultsFileReadAndWrittenAgain() throws IOException {
        String json = recorded("before.json");
        assertThat(Json.MAPPER.readTree(ResultsFile.json(ResultsFile.parse(json))))
                .isEqualTo(Json.MAPPER.readTree(json));
    }
}
