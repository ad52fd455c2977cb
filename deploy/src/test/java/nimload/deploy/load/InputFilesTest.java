package nimload.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    Path folder;

    @Test
    void filesAreMountedAndWhatIsNoFileHereStaysAsItIs() throws Exception {
        Files.writeString(folder.resolve("my grid.yaml"), "repeat: 2");
        Path texts = Files.writeString(folder.resolve("q.jsonl"), "{\"text\": \"ü\"}");

        InputFiles inputs = InputFiles.of(
                Map.of(
                        "nim.grid", "my grid.yaml",
                        "nim.texts", texts.toString(),
                        "nim.passage.texts", "/data/in-the-image.jsonl",
                        "nim.duration", "5s"),
                folder);

        assertThat(inputs.settings())
                .containsOnly(
                        Map.entry("nim.grid", "/input/my_grid.yaml"),
                        Map.entry("nim.texts", "/input/q.jsonl"),
                        Map.entry("nim.passage.texts", "/data/in-the-image.jsonl"),
                        Map.entry("nim.duration", "5s"));
        assertThat(inputs.files())
                .containsOnly(Map.entry("my_grid.yaml", "repeat: 2"), Map.entry("q.jsonl", "{\"text\": \"ü\"}"));
        assertThat(InputFiles.of(Map.of("nim.grid", "rag-blueprint"), folder).files())
                .isEmpty();
    }

    private String refusal(String name, Path file) {
        return catchThrowable(() -> InputFiles.of(Map.of(name, file.toString()), folder))
                .getMessage();
    }

    @Test
    void atMost900KibibytesOfTextAreTakenAlong() throws Exception {
        Path most = Files.writeString(folder.resolve("most.txt"), "a".repeat(900 << 10));
        Path more = Files.writeString(folder.resolve("more.txt"), "a".repeat((900 << 10) + 1));
        Path packed = Files.write(folder.resolve("t.jsonl.gz"), new byte[] {0x1f, (byte) 0x8b, (byte) 0xff});

        assertThat(InputFiles.of(Map.of("nim.texts", most.toString()), folder).files())
                .containsOnlyKeys("most.txt");
        assertThat(refusal("nim.texts", more)).contains("more than 900 KiB", "benchmark.suiteImage");
        assertThat(refusal("nim.texts", packed)).contains("is not UTF-8 text", "unpack it first");
    }

    @Test
    void twoFilesOfOneNameAreRefused() throws Exception {
        Path a = Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("t.txt"), "one");
        Path b = Files.writeString(Files.createDirectory(folder.resolve("b")).resolve("t.txt"), "two");

        assertThat(catchThrowable(() -> InputFiles.of(
                        Map.of("nim.query.texts", a.toString(), "nim.passage.texts", b.toString()), folder)))
                .hasMessageContaining("another file of this run is called t.txt too");
    }
}
