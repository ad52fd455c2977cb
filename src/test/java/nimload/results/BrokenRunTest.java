package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read is refused in one line or good for everything that is made from it; both formats of a run. */
class BrokenRunTest {
    private static final String ADVICE = "); give one, a run's directory, or a log with its line nimload-run {…}";

    @TempDir
    private Path directory;

    private static ObjectNode run() throws IOException {
        return (ObjectNode) ResultsFile.MAPPER.readTree(
                Files.readAllBytes(Path.of("src", "test", "fixtures", "results", "schema-1.json")));
    }

    /** @param path a JSON pointer; {@code value} stands there, or nothing if it is empty */
    private static ObjectNode broken(String path, String value) throws IOException {
        ObjectNode run = run();
        String name = path.substring(path.lastIndexOf('/') + 1);
        JsonNode parent = run.at(path.substring(0, path.lastIndexOf('/')));
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), ResultsFile.MAPPER.readTree(value));
        } else if (value == null) {
            ((ObjectNode) parent).remove(name);
        } else {
            ((ObjectNode) parent).set(name, ResultsFile.MAPPER.readTree(value));
        }
        return run;
    }

    private void assertRefused(String text, String why) throws IOException {
        Path file = Files.writeString(directory.resolve("results.json"), text);
        assertThatThrownBy(() -> ResultsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage(file + " is not a nimload results.json (" + why + ADVICE)
                .hasMessageNotContainingAny("Exception", "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/levels/0/latencyHistogram/data|\"AAAA\"|query 20 c=1 (1 text): latencyHistogram: data is not a histogram (HdrHistogram V2, compressed, Base64)",
                "/levels/0/latencyHistogram/data|\"!!!\"|query 20 c=1 (1 text): latencyHistogram: data is not a histogram (HdrHistogram V2, compressed, Base64)",
                "/levels/0/latencyHistogram/data||query 20 c=1 (1 text): latencyHistogram: data is not a histogram (HdrHistogram V2, compressed, Base64)",
                "/levels/1/workload||levels[1]: workload is missing",
                "/levels/0|{}|levels[0]: workload is missing",
                "/levels/0/latencyMs/p50|\"NaN\"|levels[0].latencyMs.p50: NaN is not a finite number",
                "/levels/0/latencyMs/p50|\"Infinity\"|levels[0].latencyMs.p50: Infinity is not a finite number",
                "/levels/0/latencyMs/p50|1e999|levels[0].latencyMs.p50: Infinity is not a finite number",
                "/levels/0/intervals|{\"p50\":{\"low\":\"NaN\"}}|levels[0].intervals.p50.low: NaN is not a finite number",
                "/levels/0/server|{\"series\":{\"pending\":[[0,\"NaN\"]]}}|levels[0].server.series.pending[0][1]: NaN is not a finite number",
                "/durationSeconds|\"NaN\"|durationSeconds: NaN is not a finite number",
                "/levels/0/drift|{}|levels[0].drift: verdict is missing",
                "/slo|{\"met\":true}|slo: source is missing",
                "/levels/0/slo|[{\"metric\":\"p95\",\"bound\":\"at most\"}]|levels[0].slo[0]: unit is missing",
                "/levels/0/slo|[{\"metric\":\"p95\",\"unit\":\"ms\"}]|levels[0].slo[0]: bound is missing",
                "/levels/0/slo|[{\"bound\":\"at most\",\"unit\":\"ms\"}]|levels[0].slo[0]: metric is missing",
                "/levels|{}|levels: is not a list",
                "/started|\"yesterday\\nat 5\"|started: \"yesterday at 5\" is not a valid Instant"
            })
    void aBrokenResultsFileIsRefusedInOneLineThatSaysWhereAndWhat(String path, String value, String why)
            throws IOException {
        assertRefused(broken(path, value).toString(), why);
    }

    @Test
    void aLevelThatIsThereTwiceIsRefusedInOneLine() throws IOException {
        ObjectNode run = run();
        ObjectNode again = run.at("/levels/0").deepCopy();
        run.withArray("levels").add(again);
        assertRefused(run.toString(), "it holds query, 20 tokens, 1 text, concurrency 1 more than once");
        again.put("name", "query 20 c=2 (1 text)").put("concurrency", 2);
        assertThat(ResultsFile.read(Files.writeString(directory.resolve("results.json"), run.toString()))
                        .levels())
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/levels/0|null", "/levels/0/errorsByKind|{\"timeout\":null}", "/client|{\"java\":null}"})
    void nullInAListOrAMapIsRefusedInOneLine(String path, String value) throws IOException {
        Path file = Files.writeString(
                directory.resolve("results.json"), broken(path, value).toString());
        assertThatThrownBy(() -> ResultsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Invalid `null` value")
                .hasMessageEndingWith(ADVICE)
                .hasMessageNotContainingAny("Exception", "\n");
    }

    @Test
    void aLevelOrARepeatWithoutLatenciesHasNone() throws IOException {
        ObjectNode json = broken("/levels/0/latencyMs", null);
        ((ObjectNode) json.at("/levels/1"))
                .set("repeats", ResultsFile.MAPPER.readTree("[{\"number\":1},{\"number\":2},{\"number\":3}]"));
        RunResults run = ResultsFile.read(Files.writeString(directory.resolve("results.json"), json.toString()));
        assertThat(run.levels().get(0).percentile(Percentile.P50)).isEmpty();
        assertThat(run.levels().get(1).course().repeats())
                .hasSize(3)
                .allMatch(repeat -> repeat.latencyMs().at(Percentile.P99).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"run\":\"x\"}|it has no started",
                "{\"started\":\"2026-11-22T15:00:00Z\"}|it has no run",
                "{\"run\":\"x\",\"started\":\"2026-11-22T15:00:00Z\"}|levels[0]: workload is missing"
            })
    void aCopiedLogIsRefusedLikeAFile(String line, String why) throws IOException {
        assertRefused("> nimload-run " + line + "\nnimload-level {\"a\":1}\n", why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"\"x\"", "{\"a\":1}"})
    void notesOfALogThatAreNoListAreRefusedInOneLine(String notes) throws IOException {
        Path file = Files.writeString(
                directory.resolve("run.log"),
                "nimload-run {\"run\":\"x\",\"started\":\"2026-11-22T15:00:00Z\",\"notes\":" + notes + "}\n");
        assertThatThrownBy(() -> ResultsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage(file + " is not a nimload results.json (notes: is not a list" + ADVICE);
    }
}
