package nimload.deploy.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nimload.deploy.mock.Shell;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** pod.sh on its own, for what no connection in a test causes at the right moment. */
class PodShTest {

    private static final String FILE = "{\"url\": \"http://nim:8000\"}\n";

    @TempDir
    Path folder;

    private Path home;
    private Shell shell;

    @BeforeEach
    void writePack() throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
        shell = new Shell(PodScript.class, "pod.sh", folder);
        Shell.executable(home.resolve("packs/the-sum/run.sh"), "echo \"key $KEY, file $(cat file.json)\"");
    }

    private Shell.Ended pod(String stdin, String action, String... arguments) throws Exception {
        return shell.run(
                stdin,
                Stream.concat(Stream.of(home.toString(), action), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private Shell.Ended start(String stdin) throws Exception {
        return pod(stdin, "start", "a-run", "the-sum", "KEY", "file.json", String.valueOf(FILE.length()), "run.sh");
    }

    private List<String> names() throws Exception {
        try (Stream<Path> all = Files.list(home)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | the connection ended before KEY arrived",
                "nvapi-ha                  | the connection ended before KEY arrived",
                "nvapi-whole~              | file.json arrived incomplete",
                "nvapi-whole~{\"url\": \"http | file.json arrived incomplete"
            })
    void incompleteInputStartsNothingAndTheNextAttemptCanStart(String arrived, String reason) throws Exception {
        Shell.Ended half = start(arrived.replace('~', '\n'));

        assertThat(half.exitCode()).isEqualTo(1);
        assertThat(half.err()).hasLineCount(1).contains(reason, "nothing was started");
        assertThat(names()).containsExactly("packs");
        assertThat(start("nvapi-whole\n" + FILE).exitCode()).isZero();
        assertThat(pod("", "log", "0", "1000", "10").out()).contains("key nvapi-whole, file " + FILE);
        pod("", "stop", "5");
    }

    @Test
    void aFullDiskStartsNothing() throws Exception {
        shell.program("head", "exec /usr/bin/head \"$@\" >/dev/full");

        Shell.Ended full = start("nvapi-whole\n" + FILE);

        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.err())
                .contains("No space left on device", "file.json arrived incomplete or could not be written");
        assertThat(names()).containsExactly("packs");
    }

    /** Another command has created the job's folder and nothing else; the pod's sleep stands for what happens meanwhile. */
    @ParameterizedTest
    @CsvSource({
        "it starts,         echo PID >HOME/job/pid, running",
        "it never does,     true,                   lost",
        "it gives up,    rm -r HOME/job,         idle"
    })
    void aJobThatIsBeingStartedIsNotLost(String what, String meanwhile, String state) throws Exception {
        Files.createDirectory(home.resolve("job"));
        Files.writeString(home.resolve("job/name"), "another-run\n");
        shell.program(
                "sleep",
                meanwhile
                        .replace("PID", String.valueOf(ProcessHandle.current().pid()))
                        .replace("HOME", home.toString()));

        assertThat(pod("", "state").out()).startsWith(state + "\n");
    }
}
