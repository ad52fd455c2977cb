package nimload.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 12, 31, 23, 59, 59);

    @TempDir
    private Path results;

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aRunHasADirectoryOfItsSecond() {
        Path absent = results.resolve("a").resolve("b");
        RunDirectory run = RunDirectory.create(absent, NOW);
        assertThat(run.id()).isEqualTo("20261231-235959");
        assertThat(run.file("results.csv"))
                .isEqualTo(absent.resolve("20261231-235959").resolve("results.csv"));
        assertThat(absent.resolve("20261231-235959")).isEmptyDirectory();
    }

    @Test
    void theResultsMayBeALinkToADirectory() throws IOException {
        Path elsewhere = Files.createDirectory(results.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(results.resolve("link"), elsewhere);
        RunDirectory.create(link, NOW);
        assertThat(names(elsewhere)).containsExactly("20261231-235959");
    }

    @Test
    void anotherRunOfTheSameSecondHasTheNextFreeSecondsName() throws IOException {
        RunDirectory.create(results, NOW);
        assertThat(RunDirectory.create(results, NOW).id()).isEqualTo("20270101-000000");
        assertThat(RunDirectory.create(results, NOW).id()).isEqualTo("20270101-000001");
        assertThat(names(results)).containsExactly("20261231-235959", "20270101-000000", "20270101-000001");
    }

    @Test
    void aFileIsWrittenWholeAndNothingIsLeftBeside() throws IOException {
        RunDirectory run = RunDirectory.create(results, NOW);
        run.write("results.csv", "first ×");
        run.write("results.csv", "second ×");
        assertThat(run.file("results.csv")).hasContent("second ×");
        assertThat(names(results.resolve(run.id()))).containsExactly("results.csv");
    }

    @Test
    void aFileThatCannotBeWrittenLeavesTheOneThatWasThere() throws IOException {
        RunDirectory run = RunDirectory.create(results, NOW);
        run.write("results.csv", "first");
        Files.createDirectory(run.file("results.csv.part"));
        assertThatThrownBy(() -> run.write("results.csv", "second"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("results.csv.part");
        assertThat(run.file("results.csv")).hasContent("first");
    }

    @Test
    void latestPointsAtTheNewestRun() throws IOException {
        RunDirectory first = RunDirectory.create(results, NOW);
        first.write("results.csv", "first");
        first.markLatest();
        first.markLatest();
        assertThat(results.resolve("latest").resolve("results.csv")).hasContent("first");
        RunDirectory second = RunDirectory.create(results, NOW);
        second.write("results.csv", "second");
        second.markLatest();
        assertThat(results.resolve("latest").resolve("results.csv")).hasContent("second");
        assertThat(Files.readSymbolicLink(results.resolve("latest"))).hasToString(second.id());
        assertThat(names(results)).containsExactly(first.id(), second.id(), "latest");
    }

    @Test
    void aPlaceWhereNoDirectoryCanBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(results.resolve("file"));
        assertThatThrownBy(() -> RunDirectory.create(file, NOW))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.results=" + file + ": no directory can be made there (")
                .hasMessageEndingWith("); give one that can be written");
    }
}
