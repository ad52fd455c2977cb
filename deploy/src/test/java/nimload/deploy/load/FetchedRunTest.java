package nimload.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nimload.deploy.DeployException;
import nimload.deploy.mock.StandInSuite;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchedRunTest {

    @TempDir
    Path folder;

    private interface Content {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    private Path tar(Content content) throws IOException {
        Files.createDirectories(folder.resolve("results"));
        Path file = folder.resolve("job.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            content.writeTo(tar);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "work/../../outside", "work/results/../../../../outside"})
    void anEntryThatPointsOutsideTheFolderIsRefusedAndNothingIsLeft(String name) throws Exception {
        Path tar = tar(out -> {
            StandInSuite.add(out, "work/results/20270101-000000/results.csv", "x");
            StandInSuite.add(out, name, "evil");
        });

        assertThatThrownBy(() -> FetchedRun.unpack(tar, folder.resolve("results"), ""))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("points outside the folder");
        assertThat(folder.resolve("outside")).doesNotExist();
        assertThat(folder.resolve("results")).isEmptyDirectory();
    }

    @Test
    void linksAreSkipped() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "mine");
        Path tar = tar(out -> {
            TarArchiveEntry link = new TarArchiveEntry("work/results/20270101-000000/link", TarConstants.LF_SYMLINK);
            link.setLinkName(secret.toString());
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
            StandInSuite.add(out, "work/results/20270101-000000/results.csv", "x");
            StandInSuite.add(out, "log", "a line");
        });

        Path run = FetchedRun.unpack(tar, folder.resolve("results"), "").orElseThrow();

        try (var files = Files.list(run)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("results.csv", "console.log");
        }
    }

    @Test
    void aRunWithoutNumbersDoesNotBecomeTheLatest() throws Exception {
        Path tar = tar(out -> {
            StandInSuite.add(out, "work/results/20270101-000000/results.json", "{}");
            StandInSuite.add(out, "log", "a line");
        });

        assertThat(FetchedRun.unpack(tar, folder.resolve("results"), "")).isPresent();
        assertThat(folder.resolve("results/latest")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "'openjdk version \"17.0.12\" 2024-07-16', 17",
        "'openjdk version \"25\" 2025-09-16', 25",
        "'java version \"1.8.0_402\"', 8",
        "'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"21.0.1\"', 21"
    })
    void theJavaOfAnImageIsReadFromItsVersion(String printed, int feature) {
        assertThat(PodJava.feature(printed)).contains(feature);
        assertThat(PodJava.feature("sh: java: Permission denied")).isEmpty();
    }
}
