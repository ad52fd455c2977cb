package nimload.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.results.ResultsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    @TempDir
    private Path directory;

    private Path results(String json) throws IOException {
        return Files.writeString(directory.resolve(ResultsFile.NAME), json);
    }

    @Test
    void thePageIsBesideTheResultsAndNothingElse() throws IOException {
        Path results = results(ResultsFile.json(MadeRuns.of(List.of(MadeRuns.level(1, 100, 10, 0)))));
        assertThat(ReportCommand.write(directory.toString())).isEqualTo(directory.resolve("report.html"));
        assertThat(ReportCommand.write(results.toString())).exists();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("results.json", "report.html");
        }
    }

    @Test
    void thePageIsBesideTheResultsThatLatestNames() throws IOException {
        Path run = Files.createDirectory(directory.resolve("20261122-150000"));
        Files.writeString(
                run.resolve(ResultsFile.NAME), ResultsFile.json(MadeRuns.of(List.of(MadeRuns.level(1, 100, 10, 0)))));
        Path latest = Files.writeString(directory.resolve("latest"), "20261122-150000\n");
        assertThat(ReportCommand.write(latest.toString()))
                .isEqualTo(run.resolve("report.html"))
                .exists();
    }

    @Test
    void badPathsAreOneLineThatSaysWhatToGive() throws IOException {
        assertThatThrownBy(ReportCommand::write)
                .isInstanceOf(UserError.class)
                .hasMessage("the report is made of one run, and 0 were given; give its directory:"
                        + " mvn exec:java@report -Dexec.args=\"target/nim-results/latest\"");
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> ReportCommand.write(missing.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(missing + " does not exist; give a run's directory: ")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ReportCommand.write(directory.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("results.json cannot be read")
                .hasMessageNotContaining("\n");
        results("{\"schema\": 99}");
        assertThatThrownBy(() -> ReportCommand.write(directory.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("schema version 99")
                .hasMessageNotContaining("\n");
    }

    @Test
    void thePageOf23LevelsOf1500000RequestsEachIsMadeIn10SecondsAndHas5MegabytesAtMost() throws IOException {
        results(ResultsFile.json(MadeRuns.long23Levels()));
        Instant start = Instant.now();
        Path page = ReportCommand.write(directory.toString());
        Duration taken = Duration.between(start, Instant.now());
        System.out.println(
                "page of 23 levels × 1,500,000 requests: " + taken.toMillis() + " ms, " + Files.size(page) + " bytes");
        assertThat(taken).isLessThan(Duration.ofSeconds(10));
        assertThat(Files.size(page)).isBetween(300_000L, 5_000_000L);
    }
}
