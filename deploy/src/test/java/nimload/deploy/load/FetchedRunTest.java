package nimload.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.mock.StandInSuite;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchedRunTest {

    @TempDir
    Path folder;

    private interface Content {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    private Optional<Path> unpack(Path tar) throws IOException {
        Path console = Files.writeString(folder.resolve("console"), "a line");
        return FetchedRun.unpack(tar, console, 0, folder.resolve("results"), "");
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
    @ValueSource(strings = {"../outside", "results/../../outside", "results/../../../../outside"})
    void anEntryThatPointsOutsideTheFolderIsRefusedAndNothingIsLeft(String name) throws Exception {
        Path tar = tar(out -> {
            StandInSuite.add(out, "results/20270101-000000/results.csv", "x");
            StandInSuite.add(out, name, "evil");
        });

        assertThatThrownBy(() -> unpack(tar))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("points outside the folder");
        assertThat(folder.resolve("outside")).doesNotExist();
        assertThat(folder.resolve("results")).isEmptyDirectory();
    }

    @Test
    void linksAreSkipped() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "mine");
        Path tar = tar(out -> {
            TarArchiveEntry link = new TarArchiveEntry("results/20270101-000000/link", TarConstants.LF_SYMLINK);
            link.setLinkName(secret.toString());
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
            StandInSuite.add(out, "results/20270101-000000/results.csv", "x");
        });

        Path run = unpack(tar).orElseThrow();

        try (var files = Files.list(run)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("results.csv", "console.log", "exit-code");
        }
    }

    @Test
    void aRunWithoutNumbersDoesNotBecomeTheLatest() throws Exception {
        Path tar = tar(out -> {
            StandInSuite.add(out, "results/20270101-000000/results.json", "{}");
        });

        assertThat(unpack(tar)).isPresent();
        assertThat(folder.resolve("results/latest")).doesNotExist();
    }
}
