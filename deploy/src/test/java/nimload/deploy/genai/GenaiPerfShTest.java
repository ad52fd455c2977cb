package nimload.deploy.genai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import nimload.deploy.mock.Shell;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** genai-perf.sh alone; GenaiPerfRunTest runs it in a pod's place. */
class GenaiPerfShTest {

    @TempDir
    Path folder;

    private Path artifacts;
    private Shell shell;

    @BeforeEach
    void theScriptIsThere() throws Exception {
        artifacts = folder.resolve("artifacts");
        shell = new Shell(GenaiPack.class, GenaiPack.COMMAND, folder);
    }

    private Shell.Ended run(String levels) throws Exception {
        Files.writeString(folder.resolve(GenaiPack.LEVELS), levels);
        return shell.run("", "20270101-000000", artifacts.toString());
    }

    @Test
    void noLevelIsNoSuccess() throws Exception {
        Shell.Ended ended = run("");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("✗ levels.sh names no level, so nothing was measured\n");
    }
}
