package nimload.deploy.genai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import nimload.deploy.mock.Shell;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** genai-perf.sh on its own; GenaiPerfRunTest runs it in place of a pod's. */
class GenaiPerfShTest {

    @TempDir
    Path folder;

    private Path artifacts;
    private Shell shell;

    @BeforeEach
    void writeScript() throws Exception {
        artifacts = folder.resolve("artifacts");
        shell = new Shell(GenaiPack.class, GenaiPack.COMMAND, folder);
    }

    private Shell.Ended run(String levels) throws Exception {
        Files.writeString(folder.resolve(GenaiPack.LEVELS), levels);
        return shell.run("", "20270101-000000", artifacts.toString());
    }

    @Test
    void noLevelsIsAFailure() throws Exception {
        Shell.Ended ended = run("");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("✗ levels.sh has no levels, so nothing was measured\n");
    }

    @Test
    void onlyFilesOfAnEarlierRunAreRemoved() throws Exception {
        Path own = Files.createDirectory(artifacts).resolve("somebodys-own");
        Files.createFile(own);

        Shell.Ended refused = run("level one 'first' true\n");
        Files.move(artifacts, folder.resolve("moved"));
        run("level one 'first' true\n");
        run("level two 'second' true\n");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).as("nothing was run").isEmpty();
        assertThat(refused.err())
                .hasLineCount(1)
                .contains(artifacts + " exists and was not created by nimload", "use another --dir");
        assertThat(folder.resolve("moved/somebodys-own")).exists();
        assertThat(artifacts.resolve("one")).doesNotExist();
        assertThat(artifacts.resolve("two")).exists();
    }
}
