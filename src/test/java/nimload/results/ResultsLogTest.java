package nimload.results;

import static nimload.measure.RecordedLevel.PASSAGE;
import static nimload.measure.RecordedLevel.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.measure.ErrorKind;
import nimload.measure.LoadPointResult;
import nimload.measure.RecordedLevel;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsLogTest {
    private static RunResults document(int repeats, LoadPointResult... results) {
        return RunResults.of(
                Made.info(2, repeats),
                Stream.of(results).map(LoadPointResult::results).toList());
    }

    private static RunResults laterRun() throws JsonProcessingException {
        ObjectNode json = (ObjectNode) ResultsFile.MAPPER.readTree(ResultsFile.json(document(1)));
        return ResultsFile.parse(json.put("started", "2026-11-22T15:01:00Z").toString());
    }

    private static LoadPointResult query() {
        return new RecordedLevel()
                .tokens(20)
                .answers(LongStream.rangeClosed(1, 3000).map(i -> 700 + i * 37 % 4999))
                .failures(1, 900, ErrorKind.http(503), "queue \"full\"\nzu früh")
                .result(QUERY);
    }

    private static LoadPointResult passage() {
        return RecordedLevel.clean(PASSAGE).result(PASSAGE);
    }

    private static List<String> lines(RunResults run) {
        List<String> lines = new ArrayList<>(List.of(ResultsLog.line(run)));
        run.levels().forEach(level -> lines.add(ResultsLog.line(level)));
        return lines;
    }

    private static RunResults parse(List<String> lines) {
        return ResultsLog.parse(String.join("\n", lines));
    }

    /** Everything but what the log changes. */
    private static JsonNode withoutHistogramsAndNotes(RunResults run) throws JsonProcessingException {
        ObjectNode json = (ObjectNode) ResultsFile.MAPPER.readTree(ResultsFile.json(run));
        json.remove("notes");
        json.path("levels").forEach(level -> ((ObjectNode) level).remove("latencyHistogram"));
        return json;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-11-22T15:00:01.123456789Z stdout F ", "[INFO] 15:00:01 pod-0 | "})
    void aRunComesBackFromItsLogWhateverStandsAroundItsLines(String prefix) throws JsonProcessingException {
        RunResults run = document(1, query(), passage());
        List<String> log = new ArrayList<>(List.of("Simulation started...", "▶ Running: {\"a\":1}"));
        lines(run).forEach(line -> log.addAll(List.of(prefix + line + " \u001b[0m", "nimload-level", "}{")));

        RunResults read = ResultsLog.parse(String.join("\r\n", log));

        assertThat(withoutHistogramsAndNotes(read)).isEqualTo(withoutHistogramsAndNotes(run));
        assertThat(read.complete()).isTrue();
        assertThat(read.info().notes()).containsExactly("A note.", "Read from a log: histograms are exact to 0.1 %.");
    }

    @Test
    void histogramsComeBackTo3Digits() {
        RunResults run = document(1, query());
        Histogram read = parse(lines(run))
                .levels()
                .get(0)
                .latencyHistogram()
                .orElseThrow()
                .decode();
        Histogram written = run.levels().get(0).latencyHistogram().orElseThrow().decode();
        assertThat(read.getNumberOfSignificantValueDigits()).isEqualTo(3);
        assertThat(read.getTotalCount()).isEqualTo(3000);
        for (double percentile : new double[] {1, 50, 90, 99, 99.9}) {
            assertThat((double) read.getValueAtPercentile(percentile))
                    .isCloseTo(written.getValueAtPercentile(percentile), withPercentage(0.1));
        }
    }

    @Test
    void aLineIsOneLineOfAscii() {
        assertThat(lines(document(1, query(), passage()))).hasSize(3).allSatisfy(line -> {
            assertThat(line.lines()).hasSize(1);
            assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(line)).isTrue();
        });
    }

    @Test
    void ofALevelsLinesTheOneWithTheMostRepeatsCountsInWhateverOrder() {
        RunResults first = document(2, query(), passage());
        RunResults second = document(2, LoadPointResult.together(List.of(query(), query())), passage());
        List<String> log = new ArrayList<>(lines(first));
        log.add(ResultsLog.line(second.levels().get(0)));

        RunResults read = parse(log);
        assertThat(read.levels()).hasSize(2);
        assertThat(read.levels().get(0).requests().count()).isEqualTo(6002);
        assertThat(read.complete()).as("the passages ran once of twice").isFalse();

        Collections.reverse(log);
        assertThat(parse(log).levels())
                .filteredOn(level -> level.point().equals(first.levels().get(0).point()))
                .singleElement()
                .extracting(level -> level.requests().count())
                .isEqualTo(6002L);
    }

    @Test
    void whatCameOfTheRunIsKnownFromTheLineOfItsEnd() {
        String begun = withSlo(ResultsLog.line(document(1)), true);
        String ended = withSlo(ResultsLog.line(document(1, query())), false);
        assertThat(parse(List.of(begun, ended)).slo()).map(SloSummary::met).contains(false);
        assertThat(parse(List.of(ended, begun)).slo()).map(SloSummary::met).contains(false);
    }

    private static String withSlo(String line, boolean met) {
        return line.replaceFirst("\\{", "{\"slo\":{\"source\":\"slo.yaml\",\"met\":" + met + "},");
    }

    @Test
    void aLineThatWasCutOffIsSaidAndTheOthersCount() {
        List<String> log = lines(document(1, query(), passage()));
        log.set(1, log.get(1).substring(0, 200));
        RunResults read = parse(log);
        assertThat(read.levels())
                .singleElement()
                .extracting(level -> level.workload().key())
                .isEqualTo("passage");
        assertThat(read.complete()).isFalse();
        assertThat(read.info().notes())
                .contains("Lines of the log were cut off: 1. A level may be missing or lack its last repeats.");
    }

    @Test
    void aLevelThatIsTooLongForALineLosesWhatIsLeastNeededAndSaysSo() throws JsonProcessingException {
        ObjectNode json =
                ResultsFile.MAPPER.valueToTree(document(1, query()).levels().get(0));
        ObjectNode server = json.putObject("server").put("samples", 900);
        IntStream.range(0, 900)
                .forEach(i -> server.withObject("/series")
                        .withArray("gpuPowerWatts")
                        .addArray()
                        .add(i * 0.5)
                        .add(400.25 + i));
        LevelResults level = ResultsFile.MAPPER.treeToValue(json, LevelResults.class);

        String line = ResultsLog.line(level);
        assertThat(line).hasSizeLessThanOrEqualTo(ResultsLog.LONGEST);
        RunResults read = parse(List.of(ResultsLog.line(document(1)), line));
        assertThat(read.levels().get(0).server().orElseThrow().samples()).isEqualTo(900);
        assertThat(read.levels().get(0).server().orElseThrow().series()).isEmpty();
        assertThat(read.levels().get(0).course().timeline())
                .isEqualTo(level.course().timeline())
                .isNotEmpty();
        assertThat(read.info().notes()).contains("Some levels of the log lack server/series: too long for its lines.");
    }

    @Test
    void aLevelOfManyRepeatsKeepsItsNumbers() {
        LoadPointResult many = LoadPointResult.together(Collections.nCopies(20, query()));
        String line = ResultsLog.line(document(20, many).levels().get(0));
        assertThat(line).hasSizeLessThanOrEqualTo(ResultsLog.LONGEST);
        RunResults read = parse(List.of(ResultsLog.line(document(20)), line));
        assertThat(read.levels().get(0).course().repeats()).hasSize(20);
        assertThat(read.levels().get(0).course().timeline()).isEmpty();
        assertThat(read.info().notes()).contains("Some levels of the log lack timeline: too long for its lines.");
    }

    private static Searches searches(String ingestion) {
        Histogram micros = new Histogram(5);
        LongStream.range(0, 9000).forEach(i -> micros.recordValue(700 + i * i % 7_999_993));
        return new Searches(
                "ingestion " + ingestion,
                ingestion,
                9000,
                0,
                OptionalDouble.of(20),
                Latency.UNKNOWN,
                Optional.empty(),
                List.of(),
                Latency.UNKNOWN,
                List.of(),
                Optional.of(EncodedHistogram.of(micros)));
    }

    @Test
    void theLineOfAPipelineFits() {
        RunResults run = document(1)
                .withPipeline(Optional.of(
                        Pipeline.of("20/s poisson", "5ms", List.of(searches("off"), searches("2/s constant")))));
        String line = ResultsLog.line(run);
        assertThat(line).hasSizeLessThanOrEqualTo(ResultsLog.LONGEST);
        assertThat(parse(List.of(line)).pipeline().orElseThrow().levels())
                .extracting(Searches::count)
                .containsExactly(9000L, 9000L);
    }

    @Test
    void theLineOfManySearchesKeepsTheirAnswersAndSaysThatItLacksTheirSteps() {
        List<Capacity.Step> steps = IntStream.range(0, 40)
                .mapToObj(i -> new Capacity.Step(100 + i, "holds", 1000 + i, OptionalDouble.of(99.5)))
                .toList();
        List<Capacity> searches = IntStream.rangeClosed(1, 9)
                .mapToObj(i -> new Capacity(
                        QUERY.atConcurrency(i),
                        "rate",
                        List.of("p95 <= 20 ms"),
                        OptionalDouble.of(100),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        "at least 100 queries/s",
                        steps,
                        40_000,
                        List.of()))
                .toList();
        String line = ResultsLog.line(document(1).withCapacity(searches));
        assertThat(line).hasSizeLessThanOrEqualTo(ResultsLog.LONGEST);
        RunResults read = parse(List.of(line));
        assertThat(read.capacity()).hasSize(9).allSatisfy(search -> {
            assertThat(search.sentence()).isEqualTo("at least 100 queries/s");
            assertThat(search.steps()).isEmpty();
        });
        assertThat(read.info().notes()).contains("The run's line in the log lacks capacity/steps: too long for it.");
        assertThat(parse(List.of(ResultsLog.line(document(1).withCapacity(searches.subList(0, 2)))))
                        .capacity()
                        .get(1)
                        .steps())
                .hasSize(40);
    }

    @Test
    void aLogOfNoRunOrOfTwoIsRefused() throws JsonProcessingException {
        List<String> lines = lines(document(1, query()));
        assertThatThrownBy(() -> parse(lines.subList(1, 2)))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "the log holds no whole line nimload-run {…}; copy the log of one run, from its first line to"
                                + " its last");
        String other = ResultsLog.line(laterRun());
        assertThatThrownBy(() -> parse(List.of(lines.get(0), other)))
                .isInstanceOf(UserError.class)
                .hasMessage("the log holds more than one run's line nimload-run {…}; copy the log of one run, from its"
                        + " first line to its last");
    }

    @Test
    void aLogIsReadWhereAResultsFileIs(@TempDir Path directory) throws IOException {
        RunResults run = document(1, query(), passage());
        byte[] log = ("\u00e4\n" + String.join("\n", lines(run))).getBytes(StandardCharsets.ISO_8859_1);
        Path copied = Files.write(directory.resolve("enterprise.log"), log);
        assertThat(ResultsFile.read(copied).levels()).hasSize(2);

        Path json = Files.writeString(directory.resolve(ResultsFile.NAME), ResultsFile.json(run));
        assertThat(ResultsFile.read(json).info().notes()).containsExactly("A note.");
        assertThat(ResultsFile.read(directory).levels()).hasSize(2);

        Path other = Files.writeString(directory.resolve("other.log"), "Simulation started...\n");
        assertThatThrownBy(() -> ResultsFile.read(other))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(other + " is not a nimload results.json (")
                .hasMessageEndingWith("); give one, a run's directory, or a log with its line nimload-run {…}");
    }
}
