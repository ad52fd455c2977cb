package nimload.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.nim.Json;
import nimload.page.GatlingNote;
import nimload.page.MadeRuns;
import nimload.results.Made;
import nimload.results.ResultsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter printed = new StringWriter();
    private final StringWriter refused = new StringWriter();

    private int execute(String... args) {
        return CommandLineTool.of(new ReportCommand())
                .setOut(new PrintWriter(printed, true))
                .setErr(new PrintWriter(refused, true))
                .execute(args);
    }

    private Path results(String json) throws IOException {
        return Files.writeString(directory.resolve(ResultsFile.NAME), json);
    }

    @Test
    void thePageIsBesideTheResultsAndNothingElse() throws IOException {
        Path results = results(ResultsFile.json(Made.run(List.of(MadeRuns.level(1, 100, 10, 0)))));
        assertThat(ReportCommand.write(directory)).isEqualTo(directory.resolve("report.html"));
        assertThat(ReportCommand.write(results)).exists();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "results.json", "report.html", "junit.xml", "summary.md", "results.prom");
        }
    }

    @Test
    void whatAFileDoesNotSayOfItsTargetIsLeftOut() throws IOException {
        ObjectNode run =
                (ObjectNode) Json.MAPPER.readTree(ResultsFile.json(Made.run(List.of(MadeRuns.level(1, 100, 10, 0)))));
        ((ObjectNode) run.at("/targets/embedding")).remove(List.of("model", "url"));
        results(run.toString());
        ReportCommand.write(directory);
        assertThat(directory.resolve("summary.md")).content().contains("embedding: not recorded at not recorded");
        assertThat(directory.resolve("results.prom")).content().contains("nimload_target_info{kind=\"embedding\",");
        assertThat(directory.resolve("junit.xml"))
                .content()
                .doesNotContain("embedding.model")
                .doesNotContain("null");
        assertThat(directory.resolve("report.html")).content().contains("model not recorded");
    }

    @Test
    void thePageIsBesideTheResultsThatLatestNames() throws IOException {
        Path run = Files.createDirectory(directory.resolve("20261122-150000"));
        Files.writeString(
                run.resolve(ResultsFile.NAME), ResultsFile.json(Made.run(List.of(MadeRuns.level(1, 100, 10, 0)))));
        Path latest = Files.writeString(directory.resolve("latest"), "20261122-150000\n");
        assertThat(ReportCommand.write(latest))
                .isEqualTo(run.resolve("report.html"))
                .exists();
    }

    @Test
    void thePageLinksGatlingsReportWhereTheRunLeftIt() throws IOException {
        results(ResultsFile.json(Made.run(List.of(MadeRuns.level(1, 100, 10, 0)))));
        String link = "<a href=\"gatling/index.html\">";
        assertThat(ReportCommand.write(directory)).content().doesNotContain(link);
        Files.writeString(Files.createDirectory(directory.resolve("gatling")).resolve("index.html"), "");
        assertThat(ReportCommand.write(directory)).content().containsSubsequence(link, GatlingNote.TEXT);
    }

    @Test
    void whatHoldsNoRunIsRefusedInOneLine() throws IOException {
        assertThatThrownBy(() -> ReportCommand.write(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("results.json cannot be read")
                .hasMessageNotContaining("\n");
        results("{\"schema\": 99}");
        assertThatThrownBy(() -> ReportCommand.write(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("schema version 99")
                .hasMessageNotContaining("\n");
    }

    @Test
    void theCommandNamesThePageAndRefusesARunThatIsNotThereOrASecondOne() throws IOException {
        results(ResultsFile.json(Made.run(List.of(MadeRuns.level(1, 100, 10, 0)))));
        assertThat(execute(directory.toString())).isZero();
        assertThat(printed).hasToString("report: " + directory.resolve("report.html") + System.lineSeparator());
        assertThat(execute(directory.resolve("missing").toString())).isEqualTo(2);
        assertThat(refused.toString())
                .startsWith("✗ RUN " + directory.resolve("missing")
                        + ": does not exist; give a file or directory that does (help: ");
        assertThat(execute(directory.toString(), directory.toString())).isEqualTo(2);
        assertThat(refused.toString()).contains("Unmatched argument at index 1: '" + directory + "'");
        assertThat(execute("")).isEqualTo(2);
        assertThat(refused.toString()).contains("RUN : does not exist");
    }

    @Test
    void thePageOf23LevelsOf1500000RequestsEachIsMadeIn10SecondsAndHas5MegabytesAtMost() throws IOException {
        results(ResultsFile.json(MadeRuns.long23Levels()));
        Instant start = Instant.now();
        Path page = ReportCommand.write(directory);
        Duration taken = Duration.between(start, Instant.now());
        System.out.println(
                "page of 23 levels × 1,500,000 requests: " + taken.toMillis() + " ms, " + Files.size(page) + " bytes");
        assertThat(taken).isLessThan(Duration.ofSeconds(10));
        assertThat(Files.size(page)).isBetween(300_000L, 5_000_000L);
    }
}
