package nimload.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.emulator.TimesFile;
import nimload.nim.Json;
import nimload.nim.NimKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path run;

    @BeforeEach
    void writeARun() throws IOException {
        run = Files.createDirectory(directory.resolve("20261126-120000"));
        Files.writeString(
                run.resolve("results.json"), TwinTest.queries(1, 3, 9, 15).json());
    }

    private int fit(String... arguments) {
        return CommandLineTool.of(new Fit())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of(run.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    void theTwinLiesNextToTheResultsAndTheEmulatorReadsItAsATwin() throws IOException {
        assertThat(fit()).as(err.toString()).isZero();
        Path file = run.resolve("twin.json");
        assertThat(out.toString().lines())
                .filteredOn(line -> line.startsWith("query"))
                .extracting(line -> line.replaceFirst(".*\\| ", ""))
                .containsExactly("fitted", "held out", "held out", "fitted");
        assertThat(out.toString())
                .contains("Fitted to 2 levels of run 20261126-120000; 2 held out: p50 and requests/s are off by ")
                .endsWith("twin: " + file + System.lineSeparator());
        TimesFile times = TimesFile.read("--times " + file, file);
        assertThat(times.label()).isEqualTo("embedded NIM (twin of run 20261126-120000)");
        assertThat(times.times()).containsOnlyKeys(NimKind.EMBEDDING);
        JsonNode json = Json.MAPPER.readTree(Files.readAllBytes(file));
        assertThat(json.required("what").textValue())
                .startsWith("Fitted to run 20261126-120000 by nimload; not measured on a GPU. ")
                .doesNotContain("H200");
        assertThat(json.required("fittedTo"))
                .extracting(JsonNode::textValue)
                .containsExactly("query 20 c=1 (1 text)", "query 20 c=15 (1 text)");
    }

    /** The last level is said to take 8 % longer than it does. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tolerance 0 --use 2|0|fit to more levels (--use 4) or accept it",
                "--tolerance 2.50 --use 4|2.5|accept it",
            })
    void aHeldOutLevelBeyondTheToleranceIsOneLineAndTheTwinIsWrittenAllTheSame(
            String options, String tolerance, String advice) throws IOException {
        SimulatedRun slower = TwinTest.queries(1, 3, 15, 9, 5);
        double p50 = RunLevel.in(slower.results()).levels().get(4).p50Ms();
        slower.with("{\"latencyMs\":{\"p50\":" + 1.08 * p50 + "}}");
        Files.writeString(run.resolve("results.json"), slower.json());
        Path file = directory.resolve("mine.json");
        assertThat(fit((options + " --out " + file).split(" "))).isEqualTo(1);
        assertThat(err.toString())
                .matches("✗ query 20 c=5 \\(1 text\\): off by [78]\\.\\d %, more than --tolerance " + tolerance + "; "
                        + Pattern.quote(advice) + " \\(--tolerance [89]\\)\\R");
        assertThat(out.toString()).contains("| held out").endsWith("twin: " + file + System.lineSeparator());
        assertThat(file).exists();
        assertThat(run.resolve("twin.json")).doesNotExist();
        int wide = Integer.parseInt(err.toString().replaceFirst("(?s).*\\(--tolerance (\\d)\\).*", "$1"));
        assertThat(fit((options + " --out " + file + " --tolerance " + wide)
                        .replaceFirst("--tolerance \\S+ ", "")
                        .split(" ")))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tolerance 5%|2|--tolerance 5%: not a percentage; give e.g. 5",
                "--use 0|2|--use 0: not a whole number from 1 to 999999",
                "--use 5|1|--use 5: RUN has 4 valid levels of 1 NIM; give 2 to 4",
                "--tolerence 5|2|--tolerence: unknown option; did you mean --tolerance?",
                "--out /nowhere/twin.json|1|/nowhere/twin.json cannot be written ",
            })
    void wrongUseIsOneLine(String options, int exitCode, String problem) {
        assertThat(fit(options.split(" "))).isEqualTo(exitCode);
        assertThat(err.toString())
                .startsWith("✗ " + problem.replace("RUN", run.toString()))
                .hasLineCount(1);
    }

    @Test
    void aRunWithoutUsableLevelsIsOneLine() throws IOException {
        Files.writeString(
                run.resolve("results.json"),
                TwinTest.queries(1, 3).with("{\"errors\":1}").json());
        assertThat(fit()).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("✗ " + run + " has too few levels to fit a twin to (query 20 c=3 (1 text): requests failed;"
                        + " embedding: 1 valid level, and a fit needs 2); give ")
                .hasLineCount(1);
        assertThat(run.resolve("twin.json")).doesNotExist();
    }
}
