package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsFileTest {
    @TempDir
    private Path directory;

    /** Two levels of a real run of the version before files said their version. */
    private static String version1() throws IOException {
        return Files.readString(Path.of("src", "test", "fixtures", "results", "schema-1.json"));
    }

    @Test
    void aFileOfVersion1StaysReadable() throws IOException {
        RunResults run = ResultsFile.parse(version1());
        assertThat(run.schema()).isEqualTo(1);
        assertThat(run.info().tool()).isEqualTo("nimload");
        assertThat(run.info().emulated()).isTrue();
        assertThat(run.info().repeats()).isEqualTo(1);
        assertThat(run.levels()).hasSize(2);
        LevelResults level = run.levels().get(0);
        assertThat(level.point().shape().description()).isEqualTo("query, 20 tokens, 1 text");
        assertThat(level.percentile(Percentile.P50)).hasValue(1.393);
        assertThat(level.throughput().requestsPerSecond()).hasValue(659.915);
        assertThat(level.intervals()).isEmpty();
        assertThat(level.course().drift()).isEmpty();
        assertThat(level.course().timeline()).isEmpty();
        assertThat(level.latencyHistogram().orElseThrow().decode().getTotalCount())
                .isEqualTo(level.requests().count());
        assertThat(run.levels().get(1).point().shape().description())
                .isEqualTo("reranking, 512+512 tokens, 40 passages");
    }

    @Test
    void whatIsWrittenIsReadBackTheSame() throws IOException {
        RunResults run = ResultsFile.parse(version1());
        assertThat(ResultsFile.parse(ResultsFile.json(run))).isEqualTo(run);
    }

    @Test
    void fieldsOfLaterVersionsArePassedOverAndALaterVersionIsRefused() throws IOException {
        String later = version1().replaceFirst("\\{", "{\"fieldOfTomorrow\": [1],");
        assertThat(ResultsFile.parse(later)).isEqualTo(ResultsFile.parse(version1()));
        Path file =
                Files.writeString(directory.resolve("results.json"), version1().replaceFirst("\\{", "{\"schema\": 3,"));
        assertThatThrownBy(() -> ResultsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage(file + " is of schema version 3, and this nimload knows up to 2; use a newer nimload");
    }

    @Test
    void aRunsDirectoryStandsForItsFile() throws IOException {
        Files.writeString(directory.resolve("results.json"), version1());
        assertThat(ResultsFile.read(directory)).isEqualTo(ResultsFile.parse(version1()));
    }

    @Test
    void latestIsFollowedWhereItIsAFileThatHoldsTheRunsName() throws IOException {
        Path run = Files.createDirectory(directory.resolve("20261122-150000"));
        Files.writeString(run.resolve("results.json"), version1());
        Path latest = Files.writeString(directory.resolve("latest"), "20261122-150000\n");
        assertThat(ResultsFile.read(latest)).isEqualTo(ResultsFile.parse(version1()));
        Files.writeString(latest, "20261122-999999\n");
        assertThatThrownBy(() -> ResultsFile.read(latest))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(directory.resolve("20261122-999999/results.json") + " cannot be read (");
        Files.writeString(latest, version1());
        assertThat(ResultsFile.read(latest)).as("a results.json of that name").isEqualTo(ResultsFile.parse(version1()));
    }

    @Test
    void whatIsNoResultsFileIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(directory.resolve("a.json"), "workload,input_tokens\n");
        assertThatThrownBy(() -> ResultsFile.read(text))
                .isInstanceOf(UserError.class)
                .message()
                .startsWith(text + " is not a nimload results.json (")
                .endsWith("; give one, a run's directory, or a log with its line nimload-run {…}")
                .doesNotContain("\n");
        assertThatThrownBy(() -> ResultsFile.read(directory.resolve("gone")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> ResultsFile.parse("")).isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null|no run, no started, no levels",
                "''|no run, no started, no levels",
                "[1]|no run, no started, no levels",
                "{\"baseline\":{},\"runs\":[]}|no run, no started, no levels",
                "{\"run\":\"x\",\"started\":\"2026-11-22T15:00:00Z\",\"levels\":null}|no levels",
                "{\"run\":\"x\",\"levels\":[]}|no started",
                "{\"started\":\"2026-11-22T15:00:00Z\",\"levels\":[]}|no run"
            })
    void otherJsonIsRefusedInOneLine(String json, String missing) throws IOException {
        Path file = Files.writeString(directory.resolve("comparison.json"), json);
        assertThatThrownBy(() -> ResultsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage(file + " is not a nimload results.json (it has " + missing
                        + "); give one, a run's directory, or a log with its line nimload-run {…}");
    }
}
